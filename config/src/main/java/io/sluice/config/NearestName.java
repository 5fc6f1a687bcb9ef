package io.sluice.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a misspelt one was most likely meant to be, for error messages. Stateless. */
public final class NearestName {
    private NearestName() {}

    /**
     * The known name with the least edits (insert, delete, replace, swap of neighbours), when these are few for the
     * length of the wrong name; ties go to the alphabetically first.
     */
    public static Optional<String> of(String wrong, Collection<String> known) {
        record Candidate(String name, int edits) {}
        String folded = fold(wrong);
        return known.stream()
                .map(name -> new Candidate(name, edits(folded, fold(name))))
                .filter(candidate -> candidate.edits <= Math.max(1, Math.min(wrong.length(), 12) / 3))
                .min(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Optimal string alignment distance with three rows. */
    private static int edits(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
