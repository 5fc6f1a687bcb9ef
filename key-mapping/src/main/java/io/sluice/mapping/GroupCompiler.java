package io.sluice.mapping;

import static java.util.Objects.requireNonNullElse;

import io.sluice.config.ConfigDocument;
import io.sluice.config.ConfigException;
import io.sluice.config.NearestName;
import io.sluice.config.Secret;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks and compiles the entries of {@code sources} and {@code groups}. Immutable. */
final class GroupCompiler {
    private static final int MAX_TAGS = 8;
    static final Duration DEFAULT_TTL = Duration.ofMinutes(10);
    static final Duration DEFAULT_NEGATIVE_TTL = Duration.ofSeconds(5);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern JDBC_URL =
            Pattern.compile("jdbc:mysql:(loadbalance:|replication:)?//[^/?@\\s]+/[^/?\\s]*(\\?\\S*)?");
    private static final Pattern PASSWORD_IN_URL =
            Pattern.compile("//[^/?]*@|[?&]password\\d?=", Pattern.CASE_INSENSITIVE);

    private final ConfigDocument<RulesFile> document;

    GroupCompiler(ConfigDocument<RulesFile> document) {
        this.document = document;
    }

    Source source(String name, RulesFile.SourceEntry entry) {
        String path = "sources." + name;
        checkName(path, name);
        checkUrl(path + ".jdbc-url", entry.jdbcUrl());
        if (entry.readUrl() != null) {
            checkUrl(path + ".read-url", entry.readUrl());
        }
        return new Source(
                name,
                entry.jdbcUrl(),
                entry.username(),
                requireNonNullElse(entry.password(), Secret.NONE),
                requireNonNullElse(entry.coherence(), Coherence.GTID),
                entry.readUrl(),
                entry.canalTimeZone() == null
                        ? null
                        : parsed(path + ".canal-time-zone", entry.canalTimeZone(), GroupCompiler::zone));
    }

    private void checkUrl(String path, String url) {
        if (PASSWORD_IN_URL.matcher(url).find()) {
            throw document.error(path, "holds a user or password, which would be logged: use username and password");
        }
        if (!JDBC_URL.matcher(url).matches()) {
            throw document.error(path, "'" + url + "' is not a MySQL URL: write jdbc:mysql://host:port/database");
        }
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a time zone: write UTC, +08:00 or a name such as Asia/Shanghai"
                            + NearestName.of(name, ZoneId.getAvailableZoneIds())
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse(""),
                    e);
        }
    }

    Group group(String name, RulesFile.GroupEntry entry, Set<String> sources) {
        String path = "groups." + name;
        checkName(path, name);
        if (!sources.contains(entry.source())) {
            throw unknown(path + ".source", "source", entry.source(), sources);
        }
        KeyTemplate key = parsed(path + ".key", entry.key(), KeyTemplate::parseTemplate);
        LoadQuery load = entry.load() == null ? null : load(path, entry.load(), key);
        if (load == null && entry.rows() != null) {
            throw document.error(path + ".rows", "says what a load returns, and there is none: remove it, or add load");
        }
        LoaderChoice loader = loader(path, entry, key);
        boolean many = entry.rows() == RulesFile.Rows.MANY;
        return new Group(
                name,
                entry.source(),
                key,
                load,
                entry.batchLoad() == null ? null : batchLoad(path, entry.batchLoad(), load, key),
                loader,
                many,
                value(path, entry.value(), load, many),
                positive(path + ".ttl", entry.ttl(), DEFAULT_TTL),
                positive(path + ".negative-ttl", entry.negativeTtl(), DEFAULT_NEGATIVE_TTL),
                new Staleness(
                        positive(path + ".max-staleness", entry.maxStaleness(), Staleness.DEFAULT.max()),
                        requireNonNullElse(entry.pastMaxStaleness(), Staleness.DEFAULT.past())),
                entry.policy(),
                tags(path + ".tags", entry.tags() == null ? List.of() : entry.tags(), key));
    }

    private ValueForm value(String path, @Nullable ValueForm value, @Nullable LoadQuery load, boolean many) {
        if (load == null && value != null) {
            throw document.error(
                    path + ".value", "says what a load makes of a row, and there is none: remove it, or add load");
        }
        if (value == ValueForm.RAW && many) {
            throw document.error(
                    path + ".value", "raw is one column of one row: write json or struct, or remove rows: many");
        }
        return requireNonNullElse(value, ValueForm.JSON);
    }

    private List<KeyTemplate> tags(String path, List<String> texts, KeyTemplate key) {
        if (texts.size() > MAX_TAGS) {
            throw document.error(path, "are " + texts.size() + ": at most " + MAX_TAGS + " are kept for each key");
        }
        if (!texts.isEmpty() && !key.separable()) {
            throw document.error(
                    path,
                    "cannot be told from the key '" + key + "', where two columns touch: write a literal between them"
                            + " in the key, such as ':'");
        }
        List<KeyTemplate> tags = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            tags.add(tag(path + "[" + i + "]", texts.get(i), key));
        }
        return tags;
    }

    /** Of the key alone, so that what has no row yet carries it as well, and an INSERT finds it. */
    private KeyTemplate tag(String path, String text, KeyTemplate key) {
        KeyTemplate tag = parsed(path, text, KeyTemplate::parseTemplate);
        if (!tag.isPlain()) {
            throw document.error(
                    path, "has a function, and a tag takes the key's columns as they are: write functions in rules");
        }
        if (!tag.hasLiteral()) {
            throw document.error(
                    path, "has no text beside its columns: give the tag a name, such as 'name:" + tag + "'");
        }
        for (String column : tag.columns()) {
            if (!key.hasPlain(column)) {
                throw document.error(
                        path,
                        "uses column " + column + ", which does not stand in the key '" + key
                                + "' as it is: a tag is told from the key alone, so that a list without rows carries"
                                + " it too and an INSERT finds it; put the column into the key, such as '{"
                                + KeyTemplate.quotedColumn(column) + "}/" + key + "'");
            }
        }
        return tag;
    }

    private LoadQuery load(String path, String sql, KeyTemplate key) {
        if (key.repeatsColumn()) {
            throw document.error(
                    path + ".key", "has a column twice, and a load takes one text for each: name every column once");
        }
        splittable(path, key);
        LoadQuery load = parsed(path + ".load", sql, text -> new LoadQueryParser(text).parse());
        for (String parameter : load.parameters()) {
            if (!key.columns().contains(parameter)) {
                throw unknown(path + ".load", "key column", ":" + parameter, prefixed(key.columns()));
            }
        }
        Set<String> unused = new HashSet<>(key.columns());
        load.parameters().forEach(unused::remove);
        for (String column : key.columns()) {
            if (unused.contains(column)) {
                throw document.error(
                        path + ".load",
                        "does not use :" + column + ": two keys that differ in it would load the same row");
            }
        }
        return load;
    }

    private @Nullable LoaderChoice loader(String path, RulesFile.GroupEntry entry, KeyTemplate key) {
        if (entry.loader() == null) {
            if (entry.settings() != null) {
                throw document.error(path + ".settings", "are those of a loader, and there is none: remove them");
            }
            return null;
        }
        if (entry.load() != null) {
            throw document.error(path + ".loader", "and load both load the value: remove one");
        }
        checkName(path + ".loader", entry.loader());
        if (!key.isPlain()) {
            throw document.error(
                    path + ".key",
                    "has a function, and a loader is given the columns as they are: write {column} here, and functions in"
                            + " rules");
        }
        splittable(path, key);
        return new LoaderChoice(entry.loader(), requireNonNullElse(entry.settings(), Map.of()));
    }

    private BatchQuery batchLoad(String path, String sql, @Nullable LoadQuery load, KeyTemplate key) {
        if (load == null) {
            throw document.error(path + ".batch-load", "needs load, which loads one key: add it");
        }
        return parsed(
                path + ".batch-load",
                sql,
                text -> new LoadQueryParser(text).parseBatch(key.columns().size()));
    }

    private void splittable(String path, KeyTemplate key) {
        if (!key.separable()) {
            throw document.error(
                    path + ".key",
                    "two columns touch, so a key cannot be split for the load: write a literal between them, such as ':'");
        }
    }

    private static List<String> prefixed(List<String> columns) {
        return columns.stream().map(column -> ":" + column).toList();
    }

    /** A part with a syntax of its own; what it complains about becomes an error at its place. */
    <T> T parsed(String path, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw document.error(path, String.valueOf(e.getMessage()));
        }
    }

    ConfigException unknown(String path, String what, String wrong, Collection<String> known) {
        List<String> names = known.stream().sorted().toList();
        String hint = NearestName.of(wrong, names)
                .map(name -> "did you mean '" + name + "'?")
                .orElseGet(() -> "there " + (names.size() == 1 ? "is " : "are ") + String.join(", ", names));
        return document.error(path, "there is no " + what + " '" + wrong + "'; " + hint);
    }

    private Duration positive(String path, @Nullable Duration duration, Duration otherwise) {
        if (duration == null) {
            return otherwise;
        }
        if (duration.isZero()) {
            throw document.error(path, "must be more than zero");
        }
        return duration;
    }

    private void checkName(String path, String name) {
        if (!NAME.matcher(name).matches()) {
            throw document.error(
                    path, "'" + name + "' is not a name: use letters, digits, '.', '_' and '-', at most 100");
        }
    }
}
