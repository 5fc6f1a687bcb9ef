package io.sluice.store;

/** What a segment counts; {@link StoreStats} says what each one means. */
enum Event {
    HIT,
    MISS,
    STORED,
    REPLACED,
    EXPIRED,
    EVICTED,
    REMOVED,
    DROPPED,
    COVERED,
    REFUSED,
    SUPERSEDED,
    TOO_LARGE
}
