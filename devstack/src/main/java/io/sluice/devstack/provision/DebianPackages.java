package io.sluice.devstack.provision;

import io.sluice.devstack.process.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The etcd server, and the libraries MySQL needs, from Debian's packages: downloaded by apt with lists and cache of its
 * own and unpacked into the cache. So it needs no root, does not change the system, and does not ask that
 * {@code apt-get update} was ever run. Stateless.
 */
public final class DebianPackages {
    private static final List<String> PACKAGES =
            List.of("etcd-server", "libaio1", "libnuma1", "libncurses6", "libtinfo6");
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path root;

    private DebianPackages(Path root) {
        this.root = root;
    }

    public static DebianPackages in(Cache cache) {
        return new DebianPackages(cache.entry("debian-1", DebianPackages::fill));
    }

    public Path etcd() {
        return root.resolve("usr/bin/etcd");
    }

    /** The directories of the shared libraries, for {@code LD_LIBRARY_PATH}. */
    public String libraryPath() {
        String triplet = Platform.current().debianTriplet();
        return root.resolve("usr/lib").resolve(triplet) + ":"
                + root.resolve("lib").resolve(triplet);
    }

    private static void fill(Path directory) throws IOException {
        Path apt = Files.createDirectories(directory.resolve("apt"));
        Files.createDirectories(apt.resolve("lists/partial"));
        Files.createDirectories(apt.resolve("cache/archives/partial"));
        Fetch fetch = new Fetch(
                "Fetching etcd and MySQL's libraries from Debian's packages",
                apt,
                directory.resolveSibling("debian.log"));
        fetch.run(PATIENCE, aptGet(apt, List.of("update")));
        List<String> download = new ArrayList<>(List.of("download"));
        download.addAll(PACKAGES);
        fetch.run(PATIENCE, aptGet(apt, download));
        List<Path> packages = new ArrayList<>();
        try (var found = Files.newDirectoryStream(apt, "*.deb")) {
            found.forEach(packages::add);
        }
        for (Path file : packages) {
            fetch.run(PATIENCE, List.of("dpkg-deb", "-x", file.toString(), directory.toString()));
        }
        RunDirectory.deleteTree(apt);
    }

    private static List<String> aptGet(Path apt, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("apt-get", "-q", "-y"));
        for (String option : List.of(
                "Dir::State=" + apt,
                "Dir::State::Lists=" + apt.resolve("lists"),
                "Dir::Cache=" + apt.resolve("cache"),
                "Acquire::Languages=none",
                "Acquire::Retries=3",
                "APT::Sandbox::User=" + System.getProperty("user.name"))) {
            command.add("-o");
            command.add(option);
        }
        command.addAll(arguments);
        return command;
    }
}
