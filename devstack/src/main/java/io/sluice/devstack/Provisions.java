package io.sluice.devstack;

import io.sluice.devstack.provision.Cache;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the servers come from. Immutable.
 *
 * @param cache what was fetched before
 */
record Provisions(Cache cache) {
    /** The {@code java} this very process runs on. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The command that runs {@code mainClass} on the class path a module of ours was built with. */
    static List<String> javaCommand(List<String> options, String module, String mainClass, List<String> arguments) {
        return Stream.of(List.of(java()), options, List.of("-cp", ForeignClassPath.of(module), mainClass), arguments)
                .flatMap(List::stream)
                .toList();
    }
}
