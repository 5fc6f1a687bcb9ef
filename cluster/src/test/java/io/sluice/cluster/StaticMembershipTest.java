package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaticMembershipTest {
    @Test
    void tellsItsListenersTheOnlyTopology() {
        try (StaticMembership membership = StaticMembership.parse(List.of("a=h:1", "b=h:2"), 2)) {
            List<Topology> told = new ArrayList<>();
            var unused = membership.addListener(told::add);

            assertThat(told).containsExactly(membership.topology());
            assertThat(membership.topology().members()).containsExactly(Member.of("a", "h", 1), Member.of("b", "h", 2));
        }
    }
}
