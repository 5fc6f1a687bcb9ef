package io.sluice.bench.store;

/**
 * Removal of a tag that a tenth of all entries carries: medians over the rounds, each in a JVM of its own.
 *
 * @param carriers entries that go with a tag
 * @param medianMillis one removal
 * @param cpuMillis the same in the processor's time, which other work on the machine does not stretch
 * @param otherP50Micros a removal of a key by another thread meanwhile, which waits for the same locks; the same for
 *     the two that follow
 * @param overheadBytes heap of an entry over its key and value, with one tag
 */
public record TagResult(
        int rounds,
        int entries,
        int carriers,
        double medianMillis,
        double cpuMillis,
        double otherP50Micros,
        double otherP999Micros,
        double otherMaxMicros,
        double overheadBytes) {}
