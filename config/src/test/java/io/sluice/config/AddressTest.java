package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressTest {
    @Test
    void withoutHostIsLoopback() {
        assertThat(read("port: 7400").hostName()).isEqualTo("127.0.0.1");
        assertThat(Address.onLoopback(7400)).isEqualTo(read("port: 7400"));
    }

    @Test
    void keepsTheHostThatIsGiven() {
        assertThat(read("{ host: cache-1.internal, port: 0 }")).isEqualTo(new Address("cache-1.internal", 0));
    }

    @Test
    void anEmptyHostIsNotTakenForAllInterfaces() {
        assertThatThrownBy(() -> read("{ host: \"\", port: 7400 }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the host is empty");
    }

    @Test
    void saysWhichPortsThereAre() {
        assertThatThrownBy(() -> read("port: 65536")).hasMessageContaining("the port is 65536: give 0 to 65535");
        assertThatThrownBy(() -> read("port: -1")).hasMessageContaining("give 0 to 65535");
    }

    private static Address read(String yaml) {
        return ConfigFile.parse("address.yaml", yaml, Address.class, Map.of());
    }
}
