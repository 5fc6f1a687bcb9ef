package io.sluice.cluster;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.List;

/** Turns jetcd's watch events into changes of keys. Called by one jetcd thread at a time; keeps no state. */
final class JetcdWatchListener implements Watch.Listener {
    private final ByteSequence root;
    private final EtcdStore.WatchSink sink;

    JetcdWatchListener(ByteSequence root, EtcdStore.WatchSink sink) {
        this.root = root;
        this.sink = sink;
    }

    @Override
    public void onNext(WatchResponse response) {
        List<EtcdStore.Change> changes =
                response.getEvents().stream().map(this::change).toList();
        if (!changes.isEmpty()) {
            sink.changed(changes);
        }
    }

    @Override
    public void onError(Throwable failure) {
        sink.ended(String.valueOf(failure.getMessage()));
    }

    @Override
    public void onCompleted() {
        sink.ended("the stream was completed");
    }

    private EtcdStore.Change change(WatchEvent event) {
        String key = JetcdStore.key(root, event.getKeyValue());
        long revision = event.getKeyValue().getModRevision();
        boolean put = event.getEventType() == WatchEvent.EventType.PUT;
        return new EtcdStore.Change(key, revision, put ? JetcdStore.stored(root, event.getKeyValue()) : null);
    }
}
