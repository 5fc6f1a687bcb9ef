package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.devstack.Devstack;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Nodes agree with MySQL while many write and read. */
@SystemTest
@Order(2)
class CoherenceTest {
    private final Scene scene;

    CoherenceTest(Devstack stack) {
        scene = Items.scene(stack, "coherence", 3);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void everyAnswerEqualsMysqlOnceWritersAreQuiet() throws SQLException {
        Items items = new Items(scene);
        items.readAll();
        Traffic traffic = Traffic.start(scene);
        try (traffic) {
            traffic.awaitWrites(2_000);
        }
        items.awaitEveryNodeEqualsSource();
        assertThat(traffic.failedReads()).isEmpty();
    }
}
