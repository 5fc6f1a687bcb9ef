package io.sluice.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The layout of an entry in one array: {@value #HEADER} bytes of numbers, the key, the value. One object an entry, so
 * that a million of them cost the heap no more than they must, and a lookup touches few cache lines.
 *
 * <pre>
 *  0 newer        4 older          links of the policy's list
 *  8 earlier     12 later          links of the timing wheel
 * 16 used at                       tick of the last use
 * 20 mark        22 key length     mark of the policy; length, and two bits: found, age not sure
 * 24 expires     28 load start     ticks
 * </pre>
 *
 * <p>Key length with its bits, the times in the last line, key and value never change once the array is published, and
 * are read without a lock. The tick of the last use is read and written without it, by chance: a race loses a use of
 * the same millisecond. The rest belongs to the lock of the segment.
 */
final class EntryBytes {
    static final int HEADER = 32;

    /** The longest key that can be stored, in bytes. */
    static final int MAX_KEY = StoreKey.MAX_BYTES;

    private static final int NEWER = 0;
    private static final int OLDER = 4;
    private static final int EARLIER = 8;
    private static final int LATER = 12;
    private static final int USED_AT = 16;
    private static final int MARK = 20;
    private static final int KEY_LENGTH = 22;
    private static final int EXPIRES = 24;
    private static final int LOAD_START = 28;
    private static final int FOUND_BIT = 0x8000;
    private static final int UNSURE_BIT = 0x4000;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

    private EntryBytes() {}

    /** A new array for the key and the entry's value; links and mark are 0. */
    static byte[] of(byte[] key, CacheEntry entry, int expiresTick, int loadStartTick) {
        byte[] bytes = new byte[HEADER + key.length + entry.length()];
        SHORT.set(bytes, KEY_LENGTH, (short)
                (key.length | (entry.found() ? FOUND_BIT : 0) | (entry.ageIsSure() ? 0 : UNSURE_BIT)));
        INT.set(bytes, EXPIRES, expiresTick);
        INT.set(bytes, LOAD_START, loadStartTick);
        System.arraycopy(key, 0, bytes, HEADER, key.length);
        System.arraycopy(entry.array(), entry.offset(), bytes, HEADER + key.length, entry.length());
        return bytes;
    }

    static int keyLength(byte[] bytes) {
        return (short) SHORT.get(bytes, KEY_LENGTH) & MAX_KEY;
    }

    static boolean found(byte[] bytes) {
        return ((short) SHORT.get(bytes, KEY_LENGTH) & FOUND_BIT) != 0;
    }

    static boolean ageIsSure(byte[] bytes) {
        return ((short) SHORT.get(bytes, KEY_LENGTH) & UNSURE_BIT) == 0;
    }

    static boolean hasKey(byte[] bytes, byte[] key) {
        int length = key.length;
        if (keyLength(bytes) != length) {
            return false;
        }
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            if ((long) LONG.get(bytes, HEADER + at) != (long) LONG.get(key, at)) {
                return false;
            }
        }
        for (; at < length; at++) {
            if (bytes[HEADER + at] != key[at]) {
                return false;
            }
        }
        return true;
    }

    /** A copy of the key. */
    static byte[] key(byte[] bytes) {
        return Arrays.copyOfRange(bytes, HEADER, HEADER + keyLength(bytes));
    }

    static long hash(byte[] bytes, KeyHasher hasher) {
        return hasher.hash(bytes, HEADER, keyLength(bytes));
    }

    /** Key and value together. */
    static int payload(byte[] bytes) {
        return bytes.length - HEADER;
    }

    static int expires(byte[] bytes) {
        return (int) INT.get(bytes, EXPIRES);
    }

    static int loadStart(byte[] bytes) {
        return (int) INT.get(bytes, LOAD_START);
    }

    static int newer(byte[] bytes) {
        return (int) INT.get(bytes, NEWER);
    }

    static void setNewer(byte[] bytes, int slot) {
        INT.set(bytes, NEWER, slot);
    }

    static int older(byte[] bytes) {
        return (int) INT.get(bytes, OLDER);
    }

    static void setOlder(byte[] bytes, int slot) {
        INT.set(bytes, OLDER, slot);
    }

    static int earlier(byte[] bytes) {
        return (int) INT.get(bytes, EARLIER);
    }

    static void setEarlier(byte[] bytes, int link) {
        INT.set(bytes, EARLIER, link);
    }

    static int later(byte[] bytes) {
        return (int) INT.get(bytes, LATER);
    }

    static void setLater(byte[] bytes, int slot) {
        INT.set(bytes, LATER, slot);
    }

    static int usedAt(byte[] bytes) {
        return (int) INT.get(bytes, USED_AT);
    }

    static void setUsedAt(byte[] bytes, int tick) {
        INT.set(bytes, USED_AT, tick);
    }

    static int mark(byte[] bytes) {
        return (short) SHORT.get(bytes, MARK) & 0xFFFF;
    }

    static void setMark(byte[] bytes, int mark) {
        SHORT.set(bytes, MARK, (short) mark);
    }

    /** Gives the successor the place that an entry has in the policy's list. */
    static void copyRank(byte[] bytes, byte[] successor) {
        setNewer(successor, newer(bytes));
        setOlder(successor, older(bytes));
        setMark(successor, mark(bytes));
    }
}
