package io.sluice.bench.store;

import java.util.Arrays;
import java.util.Random;

/**
 * The order in which a thread asks for keys: drawn beforehand and gone through in a circle. Not safe for use by several
 * threads.
 */
final class Requests {
    private static final int LENGTH = 1 << 17;
    private static final double SKEW = 0.99;
    private static final long SHUFFLE_SEED = 42;

    private final int[] order;
    private int next;

    private Requests(int[] order) {
        this.order = order;
    }

    /** Every key is as likely as any other. */
    static Requests uniform(int keys, long seed) {
        return new Requests(new Random(seed).ints(LENGTH, 0, keys).toArray());
    }

    /** Zipf's law with exponent 0.99: the n-th most popular key comes in proportion to 1 / n^0.99. */
    static Requests zipf(int keys, long seed) {
        double[] upTo = new double[keys];
        double sum = 0;
        for (int rank = 0; rank < keys; rank++) {
            sum += Math.pow(rank + 1, -SKEW);
            upTo[rank] = sum;
        }
        int[] byRank = shuffled(keys);
        Random random = new Random(seed);
        int[] order = new int[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            int found = Arrays.binarySearch(upTo, random.nextDouble() * sum);
            order[i] = byRank[Math.min(keys - 1, found < 0 ? -found - 1 : found)];
        }
        return new Requests(order);
    }

    /**
     * This thread's part of all keys, each once before any comes again: with room for half of all, nearly every put has
     * to evict.
     */
    static Requests everyKeyInTurn(int keys, int thread, int threads) {
        int[] all = shuffled(keys);
        int[] order = new int[keys / threads];
        for (int i = 0; i < order.length; i++) {
            order[i] = all[i * threads + thread];
        }
        return new Requests(order);
    }

    /** All keys in an order that is the same for everybody, so that popular keys are no neighbours in memory. */
    private static int[] shuffled(int keys) {
        int[] all = new int[keys];
        Random random = new Random(SHUFFLE_SEED);
        for (int i = 0; i < keys; i++) {
            int other = random.nextInt(i + 1);
            all[i] = all[other];
            all[other] = i;
        }
        return all;
    }

    int next() {
        int key = order[next];
        next = next + 1 == order.length ? 0 : next + 1;
        return key;
    }

    /** How many requests until they come again. */
    int length() {
        return order.length;
    }
}
