package io.sluice.devstack.canal;

import com.alibaba.otter.canal.parse.inbound.mysql.tsdb.DatabaseTableMeta;
import com.alibaba.otter.canal.parse.inbound.mysql.tsdb.TableMetaTSDB;
import com.alibaba.otter.canal.parse.inbound.mysql.tsdb.TableMetaTSDBFactory;
import com.alibaba.otter.canal.parse.inbound.mysql.tsdb.dao.MetaHistoryDAO;
import com.alibaba.otter.canal.parse.inbound.mysql.tsdb.dao.MetaHistoryDO;
import com.alibaba.otter.canal.parse.inbound.mysql.tsdb.dao.MetaSnapshotDAO;
import com.alibaba.otter.canal.parse.inbound.mysql.tsdb.dao.MetaSnapshotDO;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Canal's own history of table definitions ({@link DatabaseTableMeta}: a snapshot, and the DDL since) with two files in
 * the place of the database it asks for: its database needs configuration files that its jars do not carry. So a
 * restarted Canal understands row events of tables that were changed or dropped after them.
 */
final class FileTableHistory implements TableMetaTSDBFactory {
    private final Path directory;

    FileTableHistory(Path directory) {
        this.directory = directory;
    }

    @Override
    public TableMetaTSDB build(String destination, String springXml) {
        DatabaseTableMeta history = new DatabaseTableMeta();
        history.setMetaHistoryDAO(new Changes(directory.resolve(destination + "-tables.jsonl")));
        history.setMetaSnapshotDAO(new Snapshots(directory.resolve(destination + "-table-snapshots.jsonl")));
        return history;
    }

    @Override
    public void destory(String destination) {
        // Canal's spelling. Both files are closed after each line: nothing is held.
    }

    private static long orZero(@Nullable Long time) {
        return time == null ? 0 : time;
    }

    /** The DDL statements seen, in order. Expiry is left out: a development stack does not live that long. */
    private static final class Changes extends MetaHistoryDAO {
        private final JsonLines<MetaHistoryDO> lines;

        Changes(Path file) {
            lines = new JsonLines<>(file, MetaHistoryDO.class);
        }

        @Override
        public Long insert(MetaHistoryDO change) {
            // A replay after a restart shows the same DDL again.
            if (lines.all().stream().noneMatch(known -> samePlace(known, change))) {
                lines.append(change);
            }
            return 1L;
        }

        @Override
        public List<MetaHistoryDO> findByTimestamp(
                String destination, @Nullable Long snapshotTime, @Nullable Long time) {
            return lines.all().stream()
                    .filter(change -> orZero(change.getBinlogTimestamp()) >= orZero(snapshotTime)
                            && orZero(change.getBinlogTimestamp()) <= orZero(time))
                    .toList();
        }

        private static boolean samePlace(MetaHistoryDO a, MetaHistoryDO b) {
            return place(a).equals(place(b));
        }

        private static List<String> place(MetaHistoryDO change) {
            return List.of(
                    String.valueOf(change.getBinlogFile()),
                    String.valueOf(change.getBinlogOffest()),
                    String.valueOf(change.getUseSchema()),
                    String.valueOf(change.getSqlText()));
        }
    }

    /** The definitions of all tables at some positions. */
    private static final class Snapshots extends MetaSnapshotDAO {
        private final JsonLines<MetaSnapshotDO> lines;

        Snapshots(Path file) {
            lines = new JsonLines<>(file, MetaSnapshotDO.class);
        }

        @Override
        public Long insert(MetaSnapshotDO snapshot) {
            lines.append(snapshot);
            return 1L;
        }

        @Override
        public @Nullable MetaSnapshotDO findByTimestamp(String destination, @Nullable Long time) {
            return lines.all().stream()
                    .filter(snapshot -> orZero(snapshot.getBinlogTimestamp()) < orZero(time))
                    .max(Comparator.comparingLong(snapshot -> orZero(snapshot.getBinlogTimestamp())))
                    .orElse(null);
        }
    }
}
