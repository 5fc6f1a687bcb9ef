package io.sluice.admin.rules;

import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.EtcdSettings;
import io.sluice.config.ConfigException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where the text of the rules comes from, and comes from again when it changes. Thread-safe; the thread that tells of
 * changes is the feed's own.
 */
public interface RulesFeed extends AutoCloseable {
    /** What the configuration says instead of a file name for rules that are published in etcd. */
    String ETCD = "etcd";

    /**
     * The feed that the configuration names.
     *
     * @param rules {@value #ETCD}, or the path of a file relative to the configuration file
     * @throws ConfigException when there is no such text; the message says what to do
     * @throws io.sluice.cluster.ClusterException when etcd does not answer in time
     */
    static RulesFeed open(String rules, Path configFile, ClusterConfig cluster) {
        if (!rules.equals(ETCD)) {
            return FileFeed.open(configFile.toAbsolutePath().resolveSibling(rules));
        }
        EtcdSettings etcd = cluster.etcdSettings();
        if (etcd == null) {
            throw new ConfigException("rules: etcd needs cluster.etcd, and cluster has a fixed list of members: name a"
                    + " file, or give the addresses of etcd");
        }
        return EtcdFeed.open(etcd);
    }

    /** A text that never changes, for tests and tools. */
    static RulesFeed fixed(String name, String text) {
        return new RulesFeed() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String text() {
                return text;
            }

            @Override
            public void follow(Consumer<String> each) {}

            @Override
            public void close() {}
        };
    }

    /** Where it comes from, for messages. */
    String name();

    /** The text as of now. */
    String text();

    /** Tells each text that comes after this call; the same one may be told again. Called once. */
    void follow(Consumer<String> each);

    @Override
    void close();
}
