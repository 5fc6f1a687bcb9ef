package io.sluice.proto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.sluice.proto.groupcache.Groupcache;
import io.sluice.proto.v1.AdminOuterClass;
import io.sluice.proto.v1.CacheOuterClass;
import io.sluice.proto.v1.Common;
import io.sluice.proto.v1.PeerOuterClass;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Pins the wire contract: names, numbers and types of everything a message can carry and a service can do.
 *
 * <p>Nodes of two versions run side by side during an upgrade, so a line of {@code contract.txt} is never changed or
 * taken away; what is new is appended.
 */
final class ContractTest {
    private static final List<FileDescriptor> FILES = List.of(
            Common.getDescriptor(),
            CacheOuterClass.getDescriptor(),
            PeerOuterClass.getDescriptor(),
            AdminOuterClass.getDescriptor(),
            Groupcache.getDescriptor());

    @Test
    void nothingThatWasPromisedIsGoneOrDifferent() throws IOException {
        assertThat(contract())
                .as("lines of contract.txt that the .proto files do not say any more: restore them")
                .containsAll(pinned());
    }

    @Test
    void whatIsNewIsPinnedAsWell() throws IOException {
        assertThat(pinned())
                .as("lines that the .proto files say and contract.txt does not: append them")
                .containsAll(contract());
    }

    private static Set<String> pinned() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ContractTest.class.getResourceAsStream("/contract.txt"), "no contract.txt")) {
            return new TreeSet<>(new String(in.readAllBytes(), UTF_8).lines().toList());
        }
    }

    private static Set<String> contract() {
        Set<String> lines = new TreeSet<>();
        for (FileDescriptor file : FILES) {
            file.getMessageTypes().forEach(message -> addMessage(message, lines));
            file.getEnumTypes().forEach(type -> addEnum(type, lines));
            file.getServices().forEach(service -> addService(service, lines));
        }
        return lines;
    }

    private static void addMessage(Descriptor message, Set<String> lines) {
        message.getFields().forEach(field -> lines.add(line(field)));
        message.getNestedTypes().forEach(nested -> addMessage(nested, lines));
        message.getEnumTypes().forEach(nested -> addEnum(nested, lines));
    }

    private static String line(FieldDescriptor field) {
        String type = switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
        String presence = Stream.of(
                        field.isRepeated() ? "repeated " : "",
                        field.isRequired() ? "required " : "",
                        field.hasPresence() && !field.isRequired() ? "optional " : "")
                .reduce("", String::concat);
        return field.getFullName() + " = " + field.getNumber() + " " + presence + type;
    }

    private static void addEnum(EnumDescriptor type, Set<String> lines) {
        type.getValues()
                .forEach(value -> lines.add(type.getFullName() + "." + value.getName() + " = " + value.getNumber()));
    }

    private static void addService(ServiceDescriptor service, Set<String> lines) {
        service.getMethods()
                .forEach(method -> lines.add(method.getFullName() + "("
                        + (method.isClientStreaming() ? "stream " : "")
                        + method.getInputType().getFullName() + ") returns ("
                        + (method.isServerStreaming() ? "stream " : "")
                        + method.getOutputType().getFullName() + ")"));
    }
}
