package io.sluice.bench.traces;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The best a cache could do that takes in every miss: the entry asked for again last goes (Belady, "A study of
 * replacement algorithms for a virtual-storage computer", 1966). Bounds every policy.
 */
public record OptReplay() implements Replay {
    private static final int NEVER = Integer.MAX_VALUE;

    @Override
    public String name() {
        return "opt";
    }

    @Override
    public long hits(Trace trace, int size) {
        int[] next = nextRequests(trace);
        int[] heldUntil = new int[trace.keys()];
        Arrays.fill(heldUntil, -1);
        PriorityQueue<Long> latest = new PriorityQueue<>(Comparator.reverseOrder());
        int held = 0;
        long hits = 0;
        for (int i = 0; i < trace.length(); i++) {
            int key = trace.key(i);
            if (heldUntil[key] >= 0) {
                hits++;
            } else if (size > 0) {
                if (held == size) {
                    evict(latest, heldUntil);
                    held--;
                }
                held++;
            } else {
                continue;
            }
            heldUntil[key] = next[i];
            latest.add((long) next[i] << Integer.SIZE | key);
        }
        return hits;
    }

    /** Takes the entry whose next request is farthest; what the queue says of earlier requests is out of date. */
    private static void evict(PriorityQueue<Long> latest, int[] heldUntil) {
        while (true) {
            long top = latest.remove();
            int key = (int) top;
            if (heldUntil[key] == (int) (top >> Integer.SIZE)) {
                heldUntil[key] = -1;
                return;
            }
        }
    }

    private static int[] nextRequests(Trace trace) {
        int[] next = new int[trace.length()];
        int[] following = new int[trace.keys()];
        Arrays.fill(following, NEVER);
        for (int i = trace.length() - 1; i >= 0; i--) {
            next[i] = following[trace.key(i)];
            following[trace.key(i)] = i;
        }
        return next;
    }
}
