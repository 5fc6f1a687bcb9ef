package io.sluice.devstack;

import static java.util.Objects.requireNonNull;

import io.sluice.devstack.process.RunDirectory;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The running stack: MySQL, Canal, Kafka and etcd, or those of them that were asked for, as processes on free ports of
 * 127.0.0.1.
 *
 * <p>What was started is gone after {@link #close}, and also when this JVM ends in any other way. The data lies in a
 * directory of this run and is deleted with it; the logs are kept for a day. Safe for concurrent use.
 */
public final class Devstack implements AutoCloseable {
    private final RunDirectory run;
    private final Map<Part, StackPart> parts;

    Devstack(RunDirectory run, Map<Part, StackPart> parts) {
        this.run = run;
        this.parts = new EnumMap<>(parts);
    }

    /** What to start; without more words, everything. */
    public static DevstackBuilder builder() {
        return new DevstackBuilder();
    }

    /** Starts everything. */
    public static Devstack start() {
        return builder().start();
    }

    public MysqlServer mysql() {
        return (MysqlServer) part(Part.MYSQL);
    }

    public KafkaServer kafka() {
        return (KafkaServer) part(Part.KAFKA);
    }

    public EtcdServer etcd() {
        return (EtcdServer) part(Part.ETCD);
    }

    public CanalServer canal() {
        return (CanalServer) part(Part.CANAL);
    }

    /** One of the servers that were started. */
    public StackPart part(Part part) {
        @Nullable StackPart found = parts.get(requireNonNull(part, "part is null"));
        if (found == null) {
            throw new IllegalStateException(part.title() + " is not part of this stack, which has " + parts.keySet()
                    + ": ask the builder for it");
        }
        return found;
    }

    /** Where this run keeps its data and logs. */
    public Path directory() {
        return run.path();
    }

    /** Stops every server, the ones that depend on others first, and deletes the data. */
    @Override
    public void close() {
        StackPart canal = parts.get(Part.CANAL);
        if (canal != null) {
            canal.stop();
        }
        InParallel.forEach(parts.values(), StackPart::stop);
        run.close();
    }
}
