package io.sluice.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A text in one key of the cluster in etcd, which all its processes follow, so that they change together. It stands
 * under no lease: it stays until another one is published.
 *
 * <p>While etcd is away, and when the key is deleted, the last text stands. Threading: thread-safe; the listener is
 * called on the thread {@code sluice-published}, in order.
 */
public final class PublishedText implements AutoCloseable {
    /** The key that the rules file is published in. */
    public static final String RULES = ClusterKeys.RULES;

    /** Well below what etcd takes in one request, and every process keeps a copy. */
    public static final int MAX_BYTES = 512 << 10;

    private final EtcdStore store;
    private final String key;
    private final Loop loop;
    private final KeyMirror mirror;
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
    private volatile @Nullable String text;
    /** Of the loop alone. */
    private @Nullable Consumer<String> listener;

    /**
     * Reads the text, within the start timeout, and watches from there.
     *
     * @param key its name in the cluster, such as {@code rules}
     * @throws ClusterException when etcd does not answer in time
     */
    public static PublishedText open(EtcdSettings settings, String key) {
        return open(new JetcdStore(settings), settings, key);
    }

    static PublishedText open(EtcdStore store, EtcdSettings settings, String key) {
        PublishedText published = new PublishedText(store, settings, key);
        published.loop.execute(published.mirror::resync);
        try {
            EtcdStart.await(settings, published.opened, settings.startTimeout(), published.mirror::failure);
        } catch (ClusterException e) {
            published.close();
            throw e;
        }
        return published;
    }

    private PublishedText(EtcdStore store, EtcdSettings settings, String key) {
        this.store = requireNonNull(store, "store is null");
        this.key = requireNonNull(key, "key is null");
        this.loop = new ThreadLoop("sluice-published");
        this.mirror = new KeyMirror(store, loop, key, "the key " + fullKey(settings, key), this::look);
    }

    /** How the key is called in etcd. */
    public static String fullKey(EtcdSettings settings, String key) {
        return settings.root() + key;
    }

    /** The latest text; null when none was ever published. */
    public @Nullable String text() {
        return text;
    }

    /** Tells each text from now on, the present one first. */
    public void follow(Consumer<String> each) {
        requireNonNull(each, "each is null");
        loop.execute(() -> {
            listener = each;
            tell();
        });
    }

    private void look() {
        EtcdStore.StoredKey stored = mirror.get(key);
        if (stored != null && !stored.value().equals(text)) {
            text = stored.value();
            tell();
        }
        opened.complete(true);
    }

    private void tell() {
        String latest = text;
        Consumer<String> each = listener;
        if (latest != null && each != null) {
            each.accept(latest);
        }
    }

    /**
     * Puts a text in place of the one that stands there; of two that publish at the same time one fails.
     *
     * @return the etcd revision of the text
     * @throws ClusterException when etcd does not answer in time, or somebody else has published meanwhile
     * @throws IllegalArgumentException when the text is larger than {@link #MAX_BYTES}
     */
    public static long publish(EtcdSettings settings, String key, String text) {
        try (EtcdStore store = new JetcdStore(settings)) {
            return publish(store, settings, key, text);
        }
    }

    static long publish(EtcdStore store, EtcdSettings settings, String key, String text) {
        int bytes = text.getBytes(UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("the text has " + bytes + " bytes; at most " + MAX_BYTES
                    + " can be published: split the groups over several clusters, or give every process a file");
        }
        long standing = revision(store, settings, key);
        boolean written = EtcdStart.await(
                settings,
                store.putIf(List.of(EtcdStore.Condition.modified(key, standing)), key, text, 0),
                settings.startTimeout(),
                () -> null);
        if (!written) {
            throw new ClusterException(
                    "somebody else has published " + fullKey(settings, key)
                            + " at this moment: look at what stands there, then publish again",
                    null);
        }
        return revision(store, settings, key);
    }

    private static long revision(EtcdStore store, EtcdSettings settings, String key) {
        return EtcdStart.await(settings, store.list(key), settings.startTimeout(), () -> null).keys().stream()
                .filter(stored -> stored.key().equals(key))
                .mapToLong(EtcdStore.StoredKey::modRevision)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        loop.execute(mirror::stop);
        loop.close();
        store.close();
    }
}
