package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.grpc.StatusRuntimeException;
import io.sluice.mapping.Group;
import io.sluice.node.Failures;
import java.sql.SQLException;

/** Why loads of one group fail, in words that say what to do. Immutable. */
final class LoadRefusals {
    private final Group group;
    private final String source;
    private final LoadSettings settings;

    LoadRefusals(Group group, String source, LoadSettings settings) {
        this.group = requireNonNull(group, "group is null");
        this.source = requireNonNull(source, "source is null");
        this.settings = requireNonNull(settings, "settings is null");
    }

    StatusRuntimeException tooLarge() {
        return Failures.exhausted("The value of a key of group " + group.name() + " is over the limit of "
                + settings.valueBytes() + " bytes: select fewer columns or rows, or raise limits.value");
    }

    StatusRuntimeException tooManyRows() {
        if (group.many()) {
            return Failures.exhausted("The load query of group " + group.name() + " returned over " + settings.rows()
                    + " rows for one key: narrow the query, or raise loads.rows");
        }
        return Failures.failedPrecondition("The load query of group " + group.name()
                + " returned several rows for one key: declare rows: many, or narrow the query");
    }

    StatusRuntimeException outOfTime() {
        return Failures.unavailable("Loading the keys of a batch of group " + group.name() + " one by one took over "
                + settings.timeout().toMillis() + " ms (loads.timeout): ask for fewer keys at a time");
    }

    StatusRuntimeException unavailable(SQLException e) {
        return Failures.unavailable(
                "Source " + source + " did not answer a load of group " + group.name() + ": " + SqlReason.of(e)
                        + ". Keys in memory are still served; check that the database is up and the query is right");
    }
}
