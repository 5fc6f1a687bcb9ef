package io.sluice.sync.fanout;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;

/** What a fan-out comes to. Immutable. */
sealed interface Found {
    /** These keys and no others, each once. */
    record Keys(List<String> keys) implements Found {
        public Keys {
            keys = List.copyOf(keys);
        }
    }

    /**
     * The whole group, since the keys are not known.
     *
     * @param detail for people; names no key and no value
     */
    record Everything(Reason reason, String detail) implements Found {
        public Everything {
            requireNonNull(reason, "reason is null");
            requireNonNull(detail, "detail is null");
        }
    }

    /** Why the keys are not known, in few kinds, each with what to do. */
    enum Reason {
        NO_POSITION("the record carries no GTID set: set canal.instance.gtidon=true"),
        NOT_COVERED("the source did not show the change in time: point jdbc-url to the primary"),
        TOO_LATE("it took longer than fan-out.timeout: add an index, or raise it"),
        TOO_MANY_ROWS("it found more rows than fan-out.rows: narrow it, or raise the limit"),
        REFUSED("the source refuses it: correct it, or grant SELECT on its tables to the sync service's user"),
        UNREACHABLE("the source did not answer: check that it runs, and its jdbc-url"),
        QUEUE_FULL("fan-out.queue is full: raise fan-out.connections, or add an index"),
        BAD_KEY("a row that it found has no sure key: keep such columns out of it"),
        NULL_IN_KEY("a row that it found has NULL in its key, and the rule says null-key: clear");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** In words for an operator. */
        String text() {
            return text;
        }

        /** In one word for metrics. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
