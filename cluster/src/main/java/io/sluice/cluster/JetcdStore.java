package io.sluice.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseGrantResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The real etcd, by jetcd.
 *
 * <p>Thread-safe. jetcd neither retries nor resumes here: a watch that breaks is reported as ended, because jetcd
 * resumes from the revision of the server's greeting and may so skip events. Threads: one pool of our own named
 * {@code sluice-etcd}; gRPC's shared daemon threads.
 */
final class JetcdStore implements EtcdStore {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);
    /** etcd refuses pings more often than every 5 s, and pings while there is no call. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(6);

    private static final Duration PING_TIMEOUT = Duration.ofSeconds(3);
    private static final long RECONNECT_NANOS = 2_000_000_000;
    private static final int MAX_LISTED = 10_000;

    private final EtcdSettings settings;
    private final String root;
    private final ByteSequence rootBytes;
    private final ExecutorService executor;
    private Client client;
    private long connectedNanos = System.nanoTime();
    private boolean closed;

    JetcdStore(EtcdSettings settings) {
        this.settings = settings;
        this.root = settings.root();
        this.rootBytes = bytes(root);
        this.executor = NamedThreads.pool("sluice-etcd", 2);
        this.client = connect();
    }

    @Override
    public CompletableFuture<Listing> list(String prefix) {
        GetOption option =
                GetOption.builder().isPrefix(true).withLimit(MAX_LISTED).build();
        return ask("list keys", client().getKVClient().get(bytes(root + prefix), option))
                .thenApply(response -> new Listing(
                        response.getHeader().getRevision(),
                        response.getKvs().stream().map(this::stored).toList()));
    }

    @Override
    public Watch watch(String prefix, long fromRevision, WatchSink sink) {
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(fromRevision)
                .withRequireLeader(true)
                .build();
        return client().getWatchClient().watch(bytes(root + prefix), option, new JetcdWatchListener(rootBytes, sink))
                ::close;
    }

    @Override
    public CompletableFuture<Long> grantLease(Duration ttl) {
        return ask("grant a lease", client().getLeaseClient().grant(ttl.toSeconds()))
                .thenApply(LeaseGrantResponse::getID);
    }

    @Override
    public CompletableFuture<Boolean> keepAlive(long lease) {
        return found(ask("renew a lease", client().getLeaseClient().keepAliveOnce(lease)));
    }

    @Override
    public CompletableFuture<Boolean> revoke(long lease) {
        return found(ask("revoke a lease", client().getLeaseClient().revoke(lease)));
    }

    @Override
    public CompletableFuture<StoredKey> createIfAbsent(String key, String value, long lease) {
        ByteSequence full = bytes(root + key);
        CompletableFuture<TxnResponse> answer = client().getKVClient()
                .txn()
                .If(new Cmp(full, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                .Then(Op.put(full, bytes(value), under(lease)))
                .Else(Op.get(full, GetOption.DEFAULT))
                .commit();
        return ask("create a key", answer).thenApply(response -> {
            if (response.isSucceeded()) {
                long revision = response.getHeader().getRevision();
                return new StoredKey(key, value, lease, revision, revision);
            }
            return stored(response.getGetResponses().get(0).getKvs().get(0));
        });
    }

    @Override
    public CompletableFuture<Boolean> putIf(List<Condition> conditions, String key, String value, long lease) {
        CompletableFuture<TxnResponse> answer = client().getKVClient()
                .txn()
                .If(conditions.stream().map(this::compare).toArray(Cmp[]::new))
                .Then(Op.put(bytes(root + key), bytes(value), under(lease)))
                .commit();
        return ask("write a key", answer).thenApply(TxnResponse::isSucceeded);
    }

    @Override
    public synchronized void reconnect() {
        long now = System.nanoTime();
        // Several users of one connection must not take it from each other all the time.
        if (!closed && now - connectedNanos > RECONNECT_NANOS) {
            connectedNanos = now;
            Client before = client;
            client = connect();
            before.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        client.close();
        executor.shutdownNow();
    }

    private synchronized Client client() {
        return client;
    }

    private Client connect() {
        ClientBuilder builder = Client.builder()
                .endpoints(settings.endpoints().toArray(String[]::new))
                .executorService(executor)
                .waitForReady(false)
                .retryMaxAttempts(0)
                .connectTimeout(REQUEST_TIMEOUT)
                .keepaliveTime(PING_INTERVAL)
                .keepaliveTimeout(PING_TIMEOUT)
                .keepaliveWithoutCalls(false);
        if (settings.username() != null && settings.password() != null) {
            builder.user(bytes(settings.username())).password(bytes(settings.password()));
        }
        if (!settings.namespace().isEmpty()) {
            builder.namespace(bytes(settings.namespace()));
        }
        if (settings.isSecure()) {
            secure(builder, settings.tls());
        }
        return builder.build();
    }

    private static void secure(ClientBuilder builder, @Nullable EtcdTls tls) {
        try {
            builder.sslContext(context -> {
                if (tls != null && tls.ca() != null) {
                    context.trustManager(new File(tls.ca()));
                }
                if (tls != null && tls.certificate() != null && tls.key() != null) {
                    context.keyManager(new File(tls.certificate()), new File(tls.key()));
                }
            });
        } catch (SSLException | IllegalArgumentException e) {
            throw new ClusterException(
                    "TLS with etcd cannot be set up: " + e.getMessage()
                            + ". Check the files of the tls section: PEM, the key as PKCS#8 without password",
                    e);
        }
    }

    private Cmp compare(Condition condition) {
        CmpTarget<?> target = condition.of() == Condition.Of.CREATION
                ? CmpTarget.createRevision(condition.revision())
                : CmpTarget.modRevision(condition.revision());
        return new Cmp(bytes(root + condition.key()), Cmp.Op.EQUAL, target);
    }

    private static PutOption under(long lease) {
        return PutOption.builder().withLeaseId(lease).build();
    }

    private StoredKey stored(KeyValue kv) {
        return stored(rootBytes, kv);
    }

    static StoredKey stored(ByteSequence root, KeyValue kv) {
        return new StoredKey(
                key(root, kv),
                kv.getValue().toString(UTF_8),
                kv.getLease(),
                kv.getCreateRevision(),
                kv.getModRevision());
    }

    static String key(ByteSequence root, KeyValue kv) {
        return kv.getKey().substring(root.size()).toString(UTF_8);
    }

    private static CompletableFuture<Boolean> found(CompletableFuture<?> answer) {
        return answer.handle((value, thrown) -> {
            if (thrown == null) {
                return true;
            }
            Throwable reason = Replies.reason(thrown);
            if (reason.getCause() instanceof EtcdException refusal && refusal.getErrorCode() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw new CompletionException(reason);
        });
    }

    private static <T> CompletableFuture<T> ask(String what, CompletableFuture<T> answer) {
        return answer.orTimeout(REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((value, thrown) -> {
                    if (thrown == null) {
                        return value;
                    }
                    Throwable reason = Replies.reason(thrown);
                    String said = reason instanceof TimeoutException
                            ? "no answer in " + REQUEST_TIMEOUT.toMillis() + " ms"
                            : String.valueOf(reason.getMessage());
                    throw new CompletionException(new EtcdUnavailableException("cannot " + what + ": " + said, reason));
                });
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }
}
