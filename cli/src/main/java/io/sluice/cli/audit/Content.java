package io.sluice.cli.audit;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a key stands for, exactly, in a few bytes: two are equal when both are "no such row", or both are values of the
 * same bytes. Immutable.
 *
 * @param digest SHA-256 of the value; empty for no such row
 */
record Content(boolean found, ByteString digest) {
    static final Content MISSING = new Content(false, ByteString.EMPTY);

    static Content of(boolean found, ByteBuffer value) {
        return found ? new Content(true, digest(value)) : MISSING;
    }

    private static ByteString digest(ByteBuffer value) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(value);
            return ByteString.copyFrom(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
