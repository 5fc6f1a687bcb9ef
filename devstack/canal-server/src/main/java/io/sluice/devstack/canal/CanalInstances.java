package io.sluice.devstack.canal;

import com.alibaba.fastjson2.JSON;
import com.alibaba.otter.canal.instance.core.CanalMQConfig;
import com.alibaba.otter.canal.instance.manager.CanalInstanceWithManager;
import com.alibaba.otter.canal.instance.manager.model.Canal;
import com.alibaba.otter.canal.instance.manager.model.CanalParameter;
import com.alibaba.otter.canal.parse.inbound.mysql.MysqlEventParser;
import java.util.List;
import java.util.Map;

/** Builds Canal's instance from the settings. Stateless. */
final class CanalInstances {
    /** The server id devstack gives its MySQL; Canal compares it when it looks into its table history. */
    private static final long SERVER_ID = 1;

    private CanalInstances() {}

    static CanalInstanceWithManager create(String destination, CanalSettings settings) {
        Canal canal = new Canal();
        canal.setId(1L);
        canal.setName(destination);
        canal.setCanalParameter(parameters(settings));
        CanalInstanceWithManager instance =
                new KafkaInstance(canal, settings.text("canal.instance.filter.regex"), messages(settings));
        if (settings.flag("canal.instance.tsdb.enable")) {
            keepTableHistory((MysqlEventParser) instance.getEventParser(), settings);
        }
        return instance;
    }

    private static CanalParameter parameters(CanalSettings settings) {
        CanalParameter parameters = new CanalParameter();
        parameters.setSlaveId((long) settings.number("canal.instance.mysql.slaveId"));
        parameters.setDbAddresses(List.of(settings.address("canal.instance.master.address")));
        parameters.setDbUsername(settings.text("canal.instance.dbUsername"));
        parameters.setDbPassword(settings.text("canal.instance.dbPassword"));
        parameters.setConnectionCharset(settings.text("canal.instance.connectionCharset"));
        parameters.setDetectingEnable(settings.flag("canal.instance.detecting.enable"));
        parameters.setBlackFilter(settings.text("canal.instance.filter.black.regex"));
        parameters.setGtidEnable(settings.flag("canal.instance.gtidon"));
        parameters.setPositions(startPositions(settings));
        parameters.setTsdbEnable(false);
        parameters.setDataDir(settings.dataDirectory().toString());
        parameters.setMetaFileFlushPeriod(settings.number("canal.file.flush.period"));
        parameters.setMetaMode(CanalParameter.MetaMode.LOCAL_FILE);
        parameters.setIndexMode(CanalParameter.IndexMode.MEMORY_META_FAILBACK);
        parameters.setStorageMode(CanalParameter.StorageMode.MEMORY);
        parameters.setStorageBatchMode(
                CanalParameter.BatchMode.valueOf(settings.text("canal.instance.memory.batch.mode")));
        parameters.setMemoryStorageBufferSize(settings.number("canal.instance.memory.buffer.size"));
        parameters.setMemoryStorageBufferMemUnit(settings.number("canal.instance.memory.buffer.memunit"));
        return parameters;
    }

    /**
     * Used only while no position is stored. With GTIDs and table history Canal asks for a time as well; without either
     * it begins at the end of the binlog.
     */
    private static List<String> startPositions(CanalSettings settings) {
        String gtid = settings.textOrEmpty("canal.instance.master.gtid");
        String timestamp = settings.textOrEmpty("canal.instance.master.timestamp");
        if (gtid.isEmpty()) {
            return List.of();
        }
        return List.of(JSON.toJSONString(Map.of(
                "gtid", gtid,
                "timestamp", Long.valueOf(timestamp),
                "serverId", SERVER_ID)));
    }

    private static CanalMQConfig messages(CanalSettings settings) {
        CanalMQConfig config = new CanalMQConfig();
        config.setTopic(settings.text("canal.mq.topic"));
        config.setPartitionsNum(settings.number("canal.mq.partitionsNum"));
        config.setPartitionHash(settings.text("canal.mq.partitionHash"));
        config.setPartition(settings.number("canal.mq.partition"));
        return config;
    }

    private static void keepTableHistory(MysqlEventParser parser, CanalSettings settings) {
        parser.setTableMetaTSDBFactory(new FileTableHistory(settings.dataDirectory()));
        parser.setEnableTsdb(true);
        // Only read to be put into system properties, which take no null.
        parser.setTsdbJdbcUrl("none");
        parser.setTsdbJdbcUserName("none");
        parser.setTsdbJdbcPassword("none");
    }

    /** An instance that says where its messages go. */
    private static final class KafkaInstance extends CanalInstanceWithManager {
        KafkaInstance(Canal canal, String filter, CanalMQConfig messages) {
            super(canal, filter);
            this.mqConfig = messages;
        }
    }
}
