package io.sluice.store;

/**
 * Bytes of one segment's share on their way to another. Immutable.
 *
 * @param era the resizing of the store that the shares came from; a loan of an earlier one is void
 */
record Loan(long bytes, int era) {}
