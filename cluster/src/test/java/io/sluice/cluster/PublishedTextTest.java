package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class PublishedTextTest {
    private static final EtcdSettings SETTINGS = EtcdSettings.of(List.of("http://127.0.0.1:1"), "school");

    private final FakeEtcd etcd = new FakeEtcd();
    private final List<String> told = new CopyOnWriteArrayList<>();

    private long publish(String text) {
        return PublishedText.publish(etcd.connect(), SETTINGS, "rules", text);
    }

    private PublishedText open() {
        return PublishedText.open(etcd.connect(), SETTINGS, "rules");
    }

    @Test
    void whatIsPublishedIsThereAndWhatComesLaterIsTold() {
        long first = publish("one");
        try (PublishedText published = open()) {
            assertThat(published.text()).isEqualTo("one");
            published.follow(told::add);
            await().until(() -> told.equals(List.of("one")));

            assertThat(publish("two")).isGreaterThan(first);

            await().until(() -> told.equals(List.of("one", "two")));
            assertThat(published.text()).isEqualTo("two");
        }
    }

    @Test
    void aKeyOfASimilarNameIsAnother() {
        etcd.put("rules-of-old", "none of it");
        try (PublishedText published = open()) {
            assertThat(published.text()).isNull();
        }
    }

    @Test
    void anEtcdThatLosesItsDataTakesNoTextAway() {
        publish("one");
        try (PublishedText published = open()) {
            published.follow(told::add);
            etcd.loseData();
            etcd.endWatches("lost");
            await().until(() -> etcd.watches() == 1);

            assertThat(published.text()).isEqualTo("one");
            publish("two");
            await().until(() -> told.equals(List.of("one", "two")));
        }
    }

    @Test
    void aTextThatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> publish("x".repeat(PublishedText.MAX_BYTES + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 524288 can be published");
    }
}
