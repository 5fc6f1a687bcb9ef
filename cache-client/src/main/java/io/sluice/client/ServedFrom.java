package io.sluice.client;

/** Where the member that served an answer had it from. */
public enum ServedFrom {
    /** The memory of the key's owner. */
    MEMORY,
    /** The memory of the previous owner. */
    PEER,
    /** The memory of a replica. */
    REPLICA,
    /** The client's own memory, under a lease from the member that served it. */
    NEAR,
    /** The source itself. */
    SOURCE,
    /** Something that a newer node says and this client does not know. */
    UNKNOWN
}
