package io.sluice.sync.kafka;

import io.sluice.mapping.Rules;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a committed offset says beside its number. Stateless.
 *
 * <p>For which definitions of groups everything before it is dealt with, mapped by them or cleared since: the
 * fingerprints of these groups, eight bytes each, up to {@value #MAX_GROUPS}; with more groups one number for all
 * rules, or nothing while some have yet to be cleared. And on which server each source was then, as far as these fit
 * into {@value #MAX_SERVERS_LENGTH} characters.
 *
 * <p>Kafka keeps 4,096 bytes of metadata for an offset; this takes about 3,100 at the most. A text that is not
 * understood, of another release or another program, stands for nothing, which costs a clearing.
 */
final class OffsetMetadata {
    static final int MAX_GROUPS = 100;
    static final int MAX_SERVERS_LENGTH = 2_000;
    private static final String EACH = "sluice1:";
    private static final String ALL = "sluice1*";

    private OffsetMetadata() {}

    /**
     * The text for offsets up to which all groups but these are dealt with.
     *
     * @param servers the server of each source
     */
    static String of(Rules rules, Collection<String> notYet, Map<String, String> servers) {
        return groups(rules, notYet) + servers(servers);
    }

    private static String servers(Map<String, String> servers) {
        StringBuilder text = new StringBuilder();
        servers.forEach(
                (source, server) -> text.append(' ').append(source).append('=').append(server));
        return text.length() > MAX_SERVERS_LENGTH ? "" : text.toString();
    }

    private static String groups(Rules rules, Collection<String> notYet) {
        if (rules.fingerprints().size() > MAX_GROUPS) {
            return notYet.isEmpty() ? ALL + rules.fingerprint() : "";
        }
        long[] fingerprints = rules.fingerprints().entrySet().stream()
                .filter(group -> !notYet.contains(group.getKey()))
                .mapToLong(group -> group.getValue())
                .sorted()
                .toArray();
        ByteBuffer bytes = ByteBuffer.allocate(fingerprints.length * Long.BYTES);
        for (long fingerprint : fingerprints) {
            bytes.putLong(fingerprint);
        }
        return EACH + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** The groups of these rules that an offset with this text says nothing of. */
    static Set<String> missing(@Nullable String text, Rules rules) {
        String groups = text == null ? "" : text.split(" ", 2)[0];
        if (groups.equals(ALL + rules.fingerprint())) {
            return Set.of();
        }
        Set<Long> said = fingerprints(groups);
        Set<String> missing = new HashSet<>();
        rules.fingerprints().forEach((group, fingerprint) -> {
            if (!said.contains(fingerprint)) {
                missing.add(group);
            }
        });
        return missing;
    }

    /** The server of each source that an offset with this text names. */
    static Map<String, String> serversIn(@Nullable String text) {
        Map<String, String> servers = new HashMap<>();
        if (text != null && (text.startsWith(EACH) || text.startsWith(ALL))) {
            for (String each : text.split(" ", -1)) {
                int equals = each.indexOf('=');
                if (equals > 0) {
                    servers.put(each.substring(0, equals), each.substring(equals + 1));
                }
            }
        }
        return servers;
    }

    private static Set<Long> fingerprints(String text) {
        Set<Long> fingerprints = new HashSet<>();
        if (text.startsWith(EACH)) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(EACH.length())));
                while (bytes.remaining() >= Long.BYTES) {
                    fingerprints.add(bytes.getLong());
                }
            } catch (IllegalArgumentException e) {
                return Set.of();
            }
        }
        return fingerprints;
    }
}
