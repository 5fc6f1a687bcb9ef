package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;

/**
 * What a primary said right after a heartbeat was committed on it. Immutable.
 *
 * @param executed its {@code @@global.gtid_executed}
 * @param serverUuid its {@code @@server_uuid}, in lower case
 * @param xaCommits how many XA COMMIT statements it has begun since it was started; read after the commit
 */
public record PrimaryState(SourcePosition executed, String serverUuid, long xaCommits) {
    public PrimaryState {
        requireNonNull(executed, "executed is null");
        requireNonNull(serverUuid, "serverUuid is null");
    }
}
