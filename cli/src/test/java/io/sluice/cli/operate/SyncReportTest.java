package io.sluice.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.proto.v1.NodeQueueStatus;
import io.sluice.proto.v1.PartitionStatus;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.SyncReplayResponse;
import io.sluice.proto.v1.SyncStatusResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SyncReportTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final SyncStatusResponse BUSY = SyncStatusResponse.newBuilder()
            .setName("sync-1")
            .setNotReady("paused by an operator: sync resume ends it")
            .setPaused(true)
            .setRulesFingerprint("00000000000000ff")
            .setGroupsToClear(1)
            .setTopologyRevision(43)
            .addPartitions(PartitionStatus.newBuilder()
                    .setTopic("changes")
                    .setPartition(0)
                    .setCommittedOffset(10)
                    .setPositionOffset(12)
                    .setLagRecords(3)
                    .setInFlightRecords(2)
                    .setOldestInFlightMillis(1_500)
                    .setLagMillis(250)
                    .setReplayUntilOffset(90)
                    .setPosition(Position.newBuilder().setGtidSet("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-57")))
            .addPartitions(PartitionStatus.newBuilder()
                    .setTopic("changes")
                    .setPartition(1)
                    .setCommittedOffset(-1)
                    .setPositionOffset(-1)
                    .setLagRecords(-1))
            .addNodes(NodeQueueStatus.newBuilder()
                    .setNode("node-1")
                    .setIncarnation(5)
                    .setQueuedRemovals(7)
                    .setUnacknowledgedRemovals(1_000)
                    .setRunningCalls(4)
                    .setFailing(true)
                    .setLastAcknowledgedMillis(12_300))
            .build();

    @Test
    void theStateForAPerson() {
        assertThat(SyncText.of(BUSY)).isEqualTo("""
                sync-1 is not ready: paused by an operator: sync resume ends it
                rules 00000000000000ff, groups to clear: 1, topology revision 43
                partition changes-0: committed 10, read to 12, 3 behind, 2 in flight for 1.5 s, lag 0.3 s, replaying until 90
                  at 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-57
                partition changes-1: committed ?, read to ?, ? behind, 0 in flight
                node node-1@5: 7 waiting, 1000 sent in 4 calls, last acknowledged 12.3 s ago, FAILING""");
    }

    @Test
    void theStateForAProgramLeavesOutWhatIsNotKnown() {
        assertThat(SyncJson.of(BUSY))
                .isEqualTo("{\"name\":\"sync-1\",\"ready\":false,"
                        + "\"notReady\":\"paused by an operator: sync resume ends it\",\"paused\":true,\"throttled\":false,"
                        + "\"rules\":\"00000000000000ff\",\"groupsToClear\":1,\"topologyRevision\":43,\"ageMillis\":0,"
                        + "\"partitions\":[{\"topic\":\"changes\",\"partition\":0,\"committedOffset\":10,"
                        + "\"positionOffset\":12,\"lagRecords\":3,\"inFlightRecords\":2,\"oldestInFlightMillis\":1500,"
                        + "\"lagMillis\":250,\"replayUntilOffset\":90,"
                        + "\"position\":\"3e11fa47-71ca-11e1-9e33-c80aa9429562:1-57\"},"
                        + "{\"topic\":\"changes\",\"partition\":1,\"inFlightRecords\":0}],"
                        + "\"nodes\":[{\"name\":\"node-1\",\"incarnation\":5,\"queuedRemovals\":7,"
                        + "\"unacknowledgedRemovals\":1000,\"runningCalls\":4,\"failing\":true,"
                        + "\"lastAcknowledgedMillis\":12300}]}");
    }

    @Test
    void aReplay() {
        SyncReplayResponse answer = SyncReplayResponse.newBuilder()
                .addPartitions(PartitionStatus.newBuilder()
                        .setTopic("changes")
                        .setPartition(2)
                        .setPositionOffset(5)
                        .setReplayUntilOffset(90))
                .build();
        assertThat(SyncText.of(NOW, answer)).endsWith("partition changes-2: from 5 until 90");
        assertThat(SyncJson.of(NOW, answer))
                .isEqualTo("{\"from\":\"2026-03-01T12:00:00Z\",\"partitions\":[{\"topic\":\"changes\",\"partition\":2,"
                        + "\"positionOffset\":5,\"replayUntilOffset\":90}]}");
        assertThat(SyncText.of(NOW, SyncReplayResponse.getDefaultInstance())).contains("nothing is replayed");
    }

    @Test
    void timesAreReadWithTheirOffsetOrAsHowLongAgo() {
        assertThat(TimeText.parse("2026-03-01T12:30:00+01:00", NOW)).isEqualTo(Instant.parse("2026-03-01T11:30:00Z"));
        assertThat(TimeText.parse("2026-03-01T11:59:59.5Z", NOW)).isEqualTo(NOW.minusMillis(500));
        assertThat(TimeText.parse("30m", NOW)).isEqualTo(NOW.minusSeconds(1_800));
        assertThatThrownBy(() -> TimeText.parse("2026-03-01T12:30:00Z", NOW)).hasMessageContaining("in the future");
        assertThatThrownBy(() -> TimeText.parse("2026-03-01 11:00", NOW))
                .hasMessageContaining("'2026-03-01 11:00' is no time: write it with its offset")
                .hasMessageContaining("30m");
    }
}
