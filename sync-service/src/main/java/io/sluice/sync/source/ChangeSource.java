package io.sluice.sync.source;

/**
 * Reads one change format. Implementations are safe for use by many threads. Invariant: a record either says what it
 * changed, in full, or is an error; nothing of it is dropped in silence.
 */
public interface ChangeSource {
    /** What the record says. */
    DecodedRecord decode(byte[] value) throws MalformedRecordException;
}
