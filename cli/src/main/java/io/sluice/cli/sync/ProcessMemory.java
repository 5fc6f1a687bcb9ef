package io.sluice.cli.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory a process has, as Linux and as its JVM count it. Stateless. */
final class ProcessMemory {
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB_PER_MIB = 1024;

    private ProcessMemory() {}

    /** MiB of objects that live in a JVM, after a full collection; 0 where nobody says. */
    static long liveMib(long pid) throws InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process histogram = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            long bytes = 0;
            for (String line : new String(histogram.getInputStream().readAllBytes(), UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("Total")) {
                    bytes = Long.parseLong(
                            line.substring(line.trim().lastIndexOf(' ') + 1).trim());
                }
            }
            histogram.waitFor();
            return bytes >> 20;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Resident MiB; 0 where nobody says. */
    static long residentMib(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(
                                    line.replace(RESIDENT, "").replace("kB", "").strip())
                            / KIB_PER_MIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
