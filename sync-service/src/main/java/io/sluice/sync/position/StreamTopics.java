package io.sluice.sync.position;

import java.util.Map;
import java.util.Set;

/**
 * Which topics carry the changes of which source. Immutable.
 *
 * @param bySource by the name of the source; a source that is not named is carried by all topics if it is the only one,
 *     else by none that is known
 * @param onlySource name of the only source with positions; empty when there are none or several
 */
public record StreamTopics(Map<String, Set<String>> bySource, String onlySource) {
    public StreamTopics {
        bySource = Map.copyOf(bySource);
    }

    /** Whether changes of the source may be in the topic. */
    public boolean carry(String source, String topic) {
        Set<String> topics = bySource.get(source);
        return topics == null ? source.equals(onlySource) : topics.contains(topic);
    }

    /** How many partitions the change stream of the source has; 0 when that is not known. */
    int partitions(String source, Map<String, Integer> counts) {
        int sum = 0;
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            sum += carry(source, count.getKey()) ? count.getValue() : 0;
        }
        return sum;
    }
}
