package io.sluice.mapping;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Collects what must be forgotten, each once; a whole group makes its keys, tags and queries superfluous, and takes
 * over their longest wait for being forgotten again. Single-threaded.
 */
final class Invalidations {
    /** Up to this many, looking at each is faster than hashing. */
    private static final int FEW = 8;

    private final Map<String, Invalidation> groups = new LinkedHashMap<>();
    private final List<Invalidation> keys = new ArrayList<>();
    private final Set<Invalidation> seen = new HashSet<>();

    void addKey(KeyRule rule, String key, Cause cause) {
        Invalidation.Scope scope =
                rule.effect() == KeyRule.Effect.TAG ? Invalidation.Scope.TAG : Invalidation.Scope.KEY;
        add(new Invalidation(rule.group(), scope, key, cause, cause.text(), rule.id(), rule.again()));
    }

    void addQuery(KeyRule rule, FanOut fanOut, Cause cause) {
        add(new Invalidation(
                rule.group(), Invalidation.Scope.QUERY, "", cause, cause.text(), rule.id(), rule.again(), fanOut));
    }

    void addGroup(KeyRule rule, Cause cause, String reason) {
        add(new Invalidation(rule.group(), Invalidation.Scope.GROUP, "", cause, reason, rule.id(), rule.again()));
    }

    void addGroup(String group, Cause cause, String reason) {
        add(new Invalidation(group, Invalidation.Scope.GROUP, "", cause, reason, "", Duration.ZERO));
    }

    private void add(Invalidation one) {
        if (one.scope() == Invalidation.Scope.GROUP) {
            groups.merge(one.group(), one, Invalidations::longer);
        } else if (isNew(one)) {
            keys.add(one);
        }
    }

    private boolean isNew(Invalidation one) {
        if (keys.size() < FEW) {
            for (int i = 0; i < keys.size(); i++) {
                if (same(keys.get(i), one)) {
                    keys.set(i, longer(keys.get(i), one));
                    return false;
                }
            }
            return true;
        }
        if (seen.isEmpty()) {
            keys.forEach(key -> seen.add(bare(key)));
        }
        if (seen.add(bare(one))) {
            return true;
        }
        keys.replaceAll(key -> same(key, one) ? longer(key, one) : key);
        return false;
    }

    private static boolean same(Invalidation left, Invalidation right) {
        return left.key().equals(right.key())
                && left.group().equals(right.group())
                && left.scope() == right.scope()
                && Objects.equals(left.fanOut(), right.fanOut());
    }

    private static Invalidation bare(Invalidation one) {
        return new Invalidation(
                one.group(), one.scope(), one.key(), Cause.INSERTED, "", "", Duration.ZERO, one.fanOut());
    }

    /** The first one found, with the longer wait of both. */
    private static Invalidation longer(Invalidation first, Invalidation second) {
        return second.again().compareTo(first.again()) <= 0
                ? first
                : new Invalidation(
                        first.group(),
                        first.scope(),
                        first.key(),
                        first.cause(),
                        first.reason(),
                        first.rule(),
                        second.again(),
                        first.fanOut());
    }

    List<Invalidation> toList() {
        if (groups.isEmpty()) {
            return Collections.unmodifiableList(keys);
        }
        for (Invalidation key : keys) {
            groups.computeIfPresent(key.group(), (group, whole) -> longer(whole, key));
        }
        List<Invalidation> all = new ArrayList<>(groups.values());
        keys.stream().filter(key -> !groups.containsKey(key.group())).forEach(all::add);
        return Collections.unmodifiableList(all);
    }
}
