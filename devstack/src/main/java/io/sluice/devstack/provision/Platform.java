package io.sluice.devstack.provision;

import io.sluice.devstack.DevstackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The machines the servers' binaries exist for. Immutable.
 *
 * @param mysqlClassifier the classifier of MySQL's Maven artifact
 * @param debianTriplet the directory name Debian keeps this architecture's libraries under
 */
public record Platform(String mysqlClassifier, String debianTriplet) {
    /** The machine this runs on. */
    public static Platform current() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        if (os.equals("linux") && arch.equals("amd64")) {
            return new Platform("linux-x86_64", "x86_64-linux-gnu");
        }
        if (os.equals("linux") && arch.equals("aarch64")) {
            return new Platform("linux-aarch64", "aarch64-linux-gnu");
        }
        throw new DevstackException("The stack runs on Linux on x86-64 or aarch64, not on " + os + " on " + arch);
    }

    /** Whether this process is root's, whom some servers ask for an extra word. */
    public static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read /proc/self", e);
        }
    }
}
