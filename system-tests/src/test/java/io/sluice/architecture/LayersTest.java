package io.sluice.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The layer table of docs/ARCHITECTURE.md: a module uses only those above it, and never what it must not know. */
final class LayersTest {
    private static final List<String> FROM_THE_TOP = List.of(
            "io.sluice.proto",
            "io.sluice.config",
            "io.sluice.coherence",
            "io.sluice.cluster",
            "io.sluice.store",
            "io.sluice.loader",
            "io.sluice.mapping",
            "io.sluice.client",
            "io.sluice.admin",
            "io.sluice.node",
            "io.sluice.sync",
            "io.sluice.devstack",
            "io.sluice.bench",
            "io.sluice.cli");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.sluice");

    @TestFactory
    Stream<DynamicTest> aModuleUsesOnlyModulesAboveIt() {
        return IntStream.range(0, FROM_THE_TOP.size() - 1)
                .mapToObj(i -> DynamicTest.dynamicTest(
                        FROM_THE_TOP.get(i),
                        () -> noClasses()
                                .that()
                                .resideInAPackage(FROM_THE_TOP.get(i) + "..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(below(i))
                                .check(CLASSES)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.sluice.coherence | io.grpc.. java.sql.. org.apache.kafka.. java.net.. java.nio.file..",
                "io.sluice.cluster   | java.sql.. org.apache.kafka.. io.sluice.proto..",
                "io.sluice.store     | io.grpc.. java.sql.. org.apache.kafka.. java.net.. java.nio.file..",
                "io.sluice.mapping   | io.grpc.. org.apache.kafka.. javax.sql.. java.net.http..",
                "io.sluice.client    | java.sql.. org.apache.kafka..",
                "io.sluice.node      | org.apache.kafka.. com.alibaba..",
                "io.sluice.node.grpc | java.sql..",
                "io.sluice.node.read | java.sql..",
                "io.sluice.sync      | com.zaxxer.. io.sluice.node.. io.sluice.store..",
                "io.sluice.devstack  | io.sluice.proto.. io.sluice.cluster.. io.sluice.node.. io.sluice.sync.. io.sluice.config..",
            })
    void aModuleNeverUsesWhatItMustNotKnow(String module, String unknown) {
        noClasses()
                .that()
                .resideInAPackage(module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(unknown.split(" "))
                .check(CLASSES);
    }

    @Test
    void theSyncServiceSpeaksSqlForHeartbeatsAndFanOutsOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.sluice.sync..")
                .and()
                .resideOutsideOfPackages("io.sluice.sync.heartbeat", "io.sluice.sync.fanout")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.sluice.node.(*)..", "io.sluice.sync.(*)..", "io.sluice.devstack.(*).."})
    void packagesInsideAModuleHaveNoCycle(String packages) {
        slices().matching(packages).should().beFreeOfCycles().check(CLASSES);
    }

    private static String[] below(int module) {
        return FROM_THE_TOP.subList(module + 1, FROM_THE_TOP.size()).stream()
                .map(name -> name + "..")
                .toArray(String[]::new);
    }
}
