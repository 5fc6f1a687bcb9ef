package io.sluice.admin.rules;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.PublishedText;
import io.sluice.config.ConfigException;
import java.util.function.Consumer;

/** The rules that are published in etcd for all processes of a cluster. Thread-safe. */
final class EtcdFeed implements RulesFeed {
    private final String name;
    private final PublishedText published;

    private EtcdFeed(String name, PublishedText published) {
        this.name = name;
        this.published = published;
    }

    static EtcdFeed open(EtcdSettings etcd) {
        String key = PublishedText.fullKey(etcd, PublishedText.RULES);
        PublishedText published = PublishedText.open(etcd, PublishedText.RULES);
        if (published.text() == null) {
            published.close();
            throw new ConfigException("no rules are published in etcd under " + key
                    + ": run ./sluice rules publish FILE with the same --etcd and --cluster");
        }
        return new EtcdFeed("etcd:" + key, published);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String text() {
        return requireNonNull(published.text(), "a published text never goes");
    }

    @Override
    public void follow(Consumer<String> each) {
        published.follow(each);
    }

    @Override
    public void close() {
        published.close();
    }
}
