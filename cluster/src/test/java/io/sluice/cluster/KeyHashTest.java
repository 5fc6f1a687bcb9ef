package io.sluice.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyHashTest {
    @Test
    void isTheSameOnEveryMachineAndInEveryVersion() {
        assertThat(Long.toHexString(KeyHash.of("student", "1"))).isEqualTo("8246e93c308f49d7");
        assertThat(Long.toHexString(KeyHash.of("student", "Zoë"))).isEqualTo("87797e7754caaa25");
        assertThat(Long.toHexString(KeyHash.of("", ""))).isEqualTo("48b2c92616fc193d");
    }

    @Test
    void tellsApartGroupsAndKeysThatReadTheSameWhenJoined() {
        assertThat(KeyHash.of("ab", "c")).isNotEqualTo(KeyHash.of("a", "bc"));
        assertThat(KeyHash.of("", "abc")).isNotEqualTo(KeyHash.of("abc", ""));
        assertThat(KeyHash.of("a", "\0b")).isNotEqualTo(KeyHash.of("a\0", "b"));
    }

    @Test
    void ofTheUtf8FormIsThatOfTheText() {
        assertThat(KeyHash.of("student", "Zoë".getBytes(UTF_8))).isEqualTo(KeyHash.of("student", "Zoë"));
    }
}
