package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueTextTest {
    @Test
    void durationsAreRead() {
        assertThat(DurationText.parse("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(DurationText.parse("5s")).isEqualTo(Duration.ofSeconds(5));
        assertThat(DurationText.parse("10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(DurationText.parse("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(DurationText.parse("1d")).isEqualTo(Duration.ofDays(1));
        for (String wrong : List.of("", "5", "m", "-5s", "1.5s", "5M", "99999999999s")) {
            assertThatThrownBy(() -> DurationText.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sizesAreReadAndPrinted() {
        for (String text : List.of("0B", "1B", "8KiB", "64MiB", "3GiB", "1025B")) {
            assertThat(DataSize.parse(text)).hasToString(text);
        }
        assertThat(DataSize.parse("64 MiB").bytes()).isEqualTo(64L << 20);
        for (String wrong : List.of("", "5", "5MB", "-5B", "1.5MiB", "999999999999999GiB")) {
            assertThatThrownBy(() -> DataSize.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void nearestNameFindsSlipsAndNothingElse() {
        List<String> known = List.of("student", "class-roster", "jdbc-url");
        assertThat(NearestName.of("studnet", known)).contains("student");
        assertThat(NearestName.of("class_roster", known)).contains("class-roster");
        assertThat(NearestName.of("jdbc-ulr", known)).contains("jdbc-url");
        assertThat(NearestName.of("teacher", known)).isEmpty();
        assertThat(NearestName.of("", known)).isEmpty();
        assertThat(NearestName.of("ix", List.of("id", "ic"))).contains("ic");
    }
}
