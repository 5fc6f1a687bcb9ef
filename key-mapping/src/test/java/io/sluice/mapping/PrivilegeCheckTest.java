package io.sluice.mapping;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrivilegeCheckTest {
    private static final Rules RULES = School.rules();
    private static final Source SOURCE = requireNonNull(RULES.sources().get("app"));
    private static final Schema SCHEMA = new Schema(
            List.of(new Schema.Table("app", "students", false, List.of(), List.of(), Map.of(), List.of())), Map.of());

    private static List<String> canal(String... grants) {
        return PrivilegeCheck.canal(RULES, SOURCE, SCHEMA, "canal", new Grants(List.of(grants))).stream()
                .map(Finding::fix)
                .toList();
    }

    @Test
    void canalFollowsTheBinlogAndReadsTheTables() {
        assertThat(canal("GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `canal`@`%`"))
                .isEmpty();
        assertThat(canal("GRANT ALL PRIVILEGES ON *.* TO `canal`@`%` WITH GRANT OPTION"))
                .isEmpty();
        assertThat(canal(
                        "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `canal`@`%`",
                        "GRANT SELECT ON `app`.* TO `canal`@`%`"))
                .isEmpty();
        assertThat(canal("GRANT USAGE ON *.* TO `canal`@`%`"))
                .containsExactly(
                        "GRANT REPLICATION SLAVE ON *.* TO 'canal'@'%'",
                        "GRANT REPLICATION CLIENT ON *.* TO 'canal'@'%'",
                        "GRANT SELECT ON `app`.`students` TO 'canal'@'%'");
    }

    @Test
    void databasesOfGrantsHaveWildcardsAndRevokesTakePartsAway() {
        String binlog = "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `canal`@`%`";
        assertThat(canal(binlog, "GRANT SELECT ON `ap%`.* TO `canal`@`%`")).isEmpty();
        assertThat(canal(binlog, "GRANT SELECT ON `a\\_p`.* TO `canal`@`%`")).hasSize(1);
        assertThat(canal(binlog, "GRANT SELECT ON `a_p`.* TO `canal`@`%`")).isEmpty();
        assertThat(canal(binlog, "GRANT SELECT (`id`), INSERT ON `app`.`students` TO `canal`@`%`"))
                .isEmpty();
        assertThat(canal(binlog, "GRANT SELECT ON *.* TO `canal`@`%`", "REVOKE SELECT ON `app`.* FROM `canal`@`%`"))
                .hasSize(1);
        assertThat(canal(binlog, "GRANT EXECUTE ON PROCEDURE `app`.`students` TO `canal`@`%`"))
                .hasSize(1);
    }

    @Test
    void rolesAreToldApart() {
        Grants grants =
                new Grants(List.of("GRANT USAGE ON *.* TO `u`@`%`", "GRANT `reader`@`%`,`writer`@`%` TO `u`@`%`"));
        assertThat(grants.roles()).containsExactly("`reader`@`%`,`writer`@`%`");
    }

    @Test
    void loadsAndHeartbeatsNeedTheirTables() {
        Grants reader = new Grants(List.of("GRANT SELECT ON `app`.* TO `sluice`@`%`"));
        assertThat(PrivilegeCheck.loads(RULES, SOURCE, reader)).isEmpty();
        assertThat(PrivilegeCheck.loads(RULES, SOURCE, new Grants(List.of())))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.message()).contains("lacks SELECT on `app`.`students`"));
        assertThat(PrivilegeCheck.heartbeat(SOURCE, "sync", reader, "app", "beat"))
                .extracting(Finding::fix)
                .containsExactly(
                        "GRANT INSERT ON `app`.`beat` TO 'sync'@'%'", "GRANT UPDATE ON `app`.`beat` TO 'sync'@'%'");
    }
}
