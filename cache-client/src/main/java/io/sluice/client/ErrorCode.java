package io.sluice.client;

/** What kind of failure it was, so that a program can tell what to do. */
public enum ErrorCode {
    /** The request itself is wrong, such as an empty key. Do not repeat it. */
    INVALID_ARGUMENT,
    /** There is no such group. */
    NO_SUCH_GROUP,
    /** The source or every node cannot be reached. Repeat later. */
    UNAVAILABLE,
    /** The deadline passed. */
    DEADLINE_EXCEEDED,
    /** A node's queue is full. Back off. */
    OVERLOADED,
    /** The credentials are missing or wrong, or do not allow this. */
    DENIED,
    /** The client is closed, or the caller cancelled. */
    CANCELLED,
    /** The node does not offer this, or failed inside: see its log. */
    INTERNAL
}
