package io.sluice.mapping;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what must be forgotten, each once; a whole group makes its keys superfluous. Single-threaded. */
final class Invalidations {
    private final Map<String, String> groups = new LinkedHashMap<>();
    private final Map<String, Set<String>> keys = new LinkedHashMap<>();

    void addKey(String group, String key) {
        keys.computeIfAbsent(group, name -> new LinkedHashSet<>()).add(key);
    }

    void addGroup(String group, String reason) {
        groups.putIfAbsent(group, reason);
    }

    List<Invalidation> toList() {
        List<Invalidation> all = new ArrayList<>();
        groups.forEach((group, reason) -> all.add(Invalidation.ofGroup(group, reason)));
        keys.forEach((group, members) -> {
            if (!groups.containsKey(group)) {
                members.forEach(key -> all.add(Invalidation.ofKey(group, key)));
            }
        });
        return List.copyOf(all);
    }
}
