package io.sluice.store;

/**
 * What became of an entry that was offered to the store. Whatever it is, the value is a legal answer to its own caller.
 */
public enum PutResult {
    /** It is held now. */
    STORED(Event.STORED),
    /** Not kept: the fence does not admit it, or it has expired already. */
    REFUSED(Event.REFUSED),
    /** Not kept: what is held has a stamp that covers more or, neither having one, was loaded later, and stays. */
    SUPERSEDED(Event.SUPERSEDED),
    /** Not kept: larger than a segment's fair share of the capacity. An older entry of the key is dropped. */
    TOO_LARGE(Event.TOO_LARGE);

    private final Event event;

    PutResult(Event event) {
        this.event = event;
    }

    /** How it is counted. */
    Event event() {
        return event;
    }
}
