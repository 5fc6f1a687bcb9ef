package io.sluice.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final int MAX_LISTED = 10_000;

    private final EtcdSettings settings;
    private final ByteSequence prefix;
    private final ExecutorService executor;
    private Client client;
    private boolean closed;

    JetcdStore(EtcdSettings settings) {
        this.settings = settings;
        this.prefix = bytes(settings.membersPrefix());
        this.executor = NamedThreads.pool("sluice-etcd", 2);
        this.client = connect();
    }

    @Override
    public Listing list() throws EtcdUnavailableException {
        GetOption option =
                GetOption.builder().isPrefix(true).withLimit(MAX_LISTED).build();
        GetResponse response = await("list members", client().getKVClient().get(prefix, option));
        return new Listing(
                response.getHeader().getRevision(),
                response.getKvs().stream().map(this::record).toList());
    }

    @Override
    public Watch watch(long fromRevision, WatchSink sink) {
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(fromRevision)
                .withRequireLeader(true)
                .build();
        return client().getWatchClient().watch(prefix, option, new JetcdWatchListener(prefix, sink))::close;
    }

    @Override
    public @Nullable StoredMember read(String name) throws EtcdUnavailableException {
        GetResponse response = await("read a member", client().getKVClient().get(key(name), GetOption.DEFAULT));
        return response.getKvs().isEmpty() ? null : record(response.getKvs().get(0));
    }

    @Override
    public long grantLease(Duration ttl) throws EtcdUnavailableException {
        return await("grant a lease", client().getLeaseClient().grant(ttl.toSeconds()))
                .getID();
    }

    @Override
    public boolean keepAlive(long lease) throws EtcdUnavailableException {
        return foundLease("renew a lease", client().getLeaseClient().keepAliveOnce(lease));
    }

    @Override
    public void revoke(long lease) throws EtcdUnavailableException {
        foundLease("revoke a lease", client().getLeaseClient().revoke(lease));
    }

    @Override
    public StoredMember createIfAbsent(String name, String value, long lease) throws EtcdUnavailableException {
        ByteSequence key = key(name);
        PutOption underLease = PutOption.builder().withLeaseId(lease).build();
        TxnResponse response = await(
                "create a member",
                client().getKVClient()
                        .txn()
                        .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                        .Then(Op.put(key, bytes(value), underLease))
                        .Else(Op.get(key, GetOption.DEFAULT))
                        .commit());
        if (response.isSucceeded()) {
            long revision = response.getHeader().getRevision();
            return new StoredMember(name, value, lease, revision, revision);
        }
        return record(response.getGetResponses().get(0).getKvs().get(0));
    }

    @Override
    public synchronized void reconnect() {
        if (!closed) {
            client.close();
            client = connect();
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
        return builder.build();
    }

    private StoredMember record(KeyValue kv) {
        return record(prefix, kv);
    }

    static StoredMember record(ByteSequence prefix, KeyValue kv) {
        return new StoredMember(
                name(prefix, kv),
                kv.getValue().toString(UTF_8),
                kv.getLease(),
                kv.getCreateRevision(),
                kv.getModRevision());
    }

    static String name(ByteSequence prefix, KeyValue kv) {
        return kv.getKey().substring(prefix.size()).toString(UTF_8);
    }

    private ByteSequence key(String name) {
        return prefix.concat(bytes(name));
    }

    private boolean foundLease(String what, CompletableFuture<?> answer) throws EtcdUnavailableException {
        try {
            await(what, answer);
            return true;
        } catch (EtcdUnavailableException e) {
            if (e.getCause() instanceof EtcdException refusal && refusal.getErrorCode() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private <T> T await(String what, CompletableFuture<T> answer) throws EtcdUnavailableException {
        try {
            return answer.get(REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new EtcdUnavailableException("cannot " + what + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new EtcdUnavailableException(
                    "cannot " + what + ": no answer in " + REQUEST_TIMEOUT.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EtcdUnavailableException("cannot " + what + ": interrupted", e);
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }
}
