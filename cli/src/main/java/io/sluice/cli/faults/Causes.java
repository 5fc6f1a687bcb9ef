package io.sluice.cli.faults;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A failure and what it is because of, in one line. Stateless. */
public final class Causes {
    private Causes() {}

    public static String of(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .map(Throwable::toString)
                .collect(Collectors.joining("; because of "));
    }
}
