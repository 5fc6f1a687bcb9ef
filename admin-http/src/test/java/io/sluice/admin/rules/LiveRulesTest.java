package io.sluice.admin.rules;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.sluice.config.ConfigException;
import io.sluice.mapping.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LiveRulesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("PASSWORD", "secret");

    private final FakeFeed feed = new FakeFeed(text("10m"));
    private final LiveRules live = new LiveRules(feed, ENVIRONMENT);
    private final List<Rules> taken = new ArrayList<>();

    private static String text(String ttl) {
        return """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://db:3306/app", username: u, password: "${PASSWORD}" }
                groups:
                  student: { source: app, key: "{id}", ttl: %s }
                """.formatted(ttl);
    }

    @Test
    void aValidTextIsTakenOverWhole() {
        Rules first = live.current();
        live.follow((before, next) -> {
            assertThat(before).isSameAs(first);
            taken.add(next);
        });
        assertThat(taken).as("nothing has changed yet").isEmpty();

        feed.tell(text("11m"));

        assertThat(taken).containsExactly(live.current());
        assertThat(live.current().fingerprint()).isNotEqualTo(first.fingerprint());
        assertThat(live.report())
                .contains("rules " + live.current().fingerprint())
                .contains("taken over 1 times")
                .contains("the latest text is in force");
    }

    @Test
    void anInvalidTextIsRefusedWithItsPlaceAndTheOldRulesStay() {
        Rules first = live.current();
        live.follow((before, next) -> taken.add(next));

        feed.tell(text("11m").replace("student", "student/1"));

        assertThat(taken).isEmpty();
        assertThat(live.current()).isSameAs(first);
        assertThat(live.report())
                .contains("REFUSED, the old rules stay: fake.yaml:5:")
                .contains("is not a name");

        feed.tell(text("11m"));

        assertThat(taken).hasSize(1);
        assertThat(live.report()).doesNotContain("REFUSED");
    }

    @Test
    void whatTheProcessCannotTakeOverIsRefused() {
        Rules first = live.current();
        live.follow((before, next) -> {
            throw new IllegalArgumentException("store.groups names student");
        });

        feed.tell(text("11m"));

        assertThat(live.current()).isSameAs(first);
        assertThat(live.report()).contains("REFUSED, the old rules stay: store.groups names student");
    }

    @Test
    void aTextThatChangedBeforeItWasFollowedIsNotMissed() {
        feed.text = text("11m");

        live.follow((before, next) -> taken.add(next));

        assertThat(taken).hasSize(1);
    }

    @Test
    void theSameTextTwiceIsOneChange() {
        live.follow((before, next) -> taken.add(next));
        feed.tell(text("11m"));
        feed.tell(text("11m"));

        assertThat(taken).hasSize(1);
    }

    @Test
    void whatBecameOfTextsIsCounted() {
        PrometheusRegistry registry = new PrometheusRegistry();
        RulesMetrics.observe(live, registry);
        live.follow((before, next) -> taken.add(next));
        feed.tell(text("11m"));
        feed.tell("nonsense");
        feed.tell("more nonsense");

        CounterSnapshot reloads = registry.scrape().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals("sluice_rules_reload"))
                .map(CounterSnapshot.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(reloads.getDataPoints())
                .extracting(point -> point.getLabels().get("result") + " " + point.getValue())
                .containsExactlyInAnyOrder("taken 1.0", "refused 2.0");
    }

    @Test
    void withoutValidRulesThereIsNoStart() {
        assertThatThrownBy(() -> LiveRules.fixed("rules.yaml", text("10m"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("PASSWORD is not set");
    }

    private static final class FakeFeed implements RulesFeed {
        private String text;
        private @Nullable Consumer<String> listener;

        FakeFeed(String text) {
            this.text = text;
        }

        void tell(String next) {
            text = next;
            requireNonNull(listener).accept(next);
        }

        @Override
        public String name() {
            return "fake.yaml";
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public void follow(Consumer<String> each) {
            listener = each;
        }

        @Override
        public void close() {}
    }
}
