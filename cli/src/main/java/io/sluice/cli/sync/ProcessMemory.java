package io.sluice.cli.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory a process has, as Linux counts it. Stateless. */
final class ProcessMemory {
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB_PER_MIB = 1024;

    private ProcessMemory() {}

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
