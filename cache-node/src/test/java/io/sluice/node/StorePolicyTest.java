package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.ConfigFile;
import io.sluice.mapping.Rules;
import io.sluice.store.StoreSettings;
import io.sluice.store.policy.PolicyKind;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which eviction policy a group gets. */
final class StorePolicyTest {
    private static StoreSettings settings(String store, String group) {
        NodeConfig node = ConfigFile.parse(
                "node.yaml",
                "name: n\nrules: r.yaml\ncluster: { members: [\"n=127.0.0.1:7400\"] }\n" + store,
                NodeConfig.class,
                Map.of());
        Rules rules = Rules.parse("rules.yaml", """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://db:3306/app", username: u }
                groups:
                  student: { source: app, key: "{id}", load: "SELECT 1 FROM s WHERE id = :id"%s }
                invalidate:
                  - table: app.s
                    keys: [ { group: student, key: "{id}" } ]
                """.formatted(group), Map.of());
        return node.storeSettings(Objects.requireNonNull(rules.groups().get("student")));
    }

    @Test
    void isTheGroupsElseTheNodesElseTheDefault() {
        assertThat(settings("", "").policy()).isEqualTo(PolicyKind.DEFAULT);
        assertThat(settings("store: { policy: arc }", "").policy()).isEqualTo(PolicyKind.ARC);
        assertThat(settings("store: { policy: arc }", ", policy: lfu").policy()).isEqualTo(PolicyKind.LFU);
    }

    @Test
    void anUnknownNameIsAnErrorThatSaysWhereAndListsTheNames() {
        String names = "use one of lru, lfu, fifo, arc, s3-fifo, w-tinylfu";
        assertThatThrownBy(() -> settings("store: { policy: clock }", ""))
                .hasMessage("store.policy: no eviction policy is called 'clock': " + names);
        assertThatThrownBy(() -> settings("", ", policy: clock"))
                .hasMessage("groups.student.policy in the rules: no eviction policy is called 'clock': " + names);
    }
}
