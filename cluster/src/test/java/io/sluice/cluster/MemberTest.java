package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemberTest {
    @Test
    void readsAMemberOfAStaticList() {
        assertThat(MemberText.parse(" node-1=10.0.0.1:7400 ")).isEqualTo(Member.of("node-1", "10.0.0.1", 7400));
        assertThat(MemberText.parse("node-1=[::1]:7400").address()).isEqualTo("[::1]:7400");
    }

    @Test
    void saysHowAMemberIsWritten() {
        for (String wrong : List.of("", "10.0.0.1:7400", "a=b", "=h:1", "a=:1", "a=h:x")) {
            assertThatThrownBy(() -> MemberText.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + wrong + "\" is not name=host:port");
        }
    }

    @Test
    void refusesWhatARingOrAConnectionCannotUse() {
        assertThatThrownBy(() -> Member.of("a/b", "h", 1)).hasMessageContaining("use letters, digits");
        assertThatThrownBy(() -> Member.of("a", "", 1)).hasMessageContaining("give a host name");
        assertThatThrownBy(() -> Member.of("a", "h", 0)).hasMessageContaining("give 1 to 65535");
        assertThatThrownBy(() -> new Member("a", "h", 1, 0, 17, "")).hasMessageContaining("give 1 to 16");
    }

    @Test
    void etcdSettingsAreCheckedAndSayWhatToDo() {
        assertThat(EtcdSettings.of(List.of("127.0.0.1:2379", "http://e2:2379/"), "school")
                        .endpoints())
                .containsExactly("http://127.0.0.1:2379", "http://e2:2379");
        assertThatThrownBy(() -> EtcdSettings.of(List.of(), "school")).hasMessageContaining("give at least one");
        assertThatThrownBy(() -> EtcdSettings.of(List.of("etcd"), "school")).hasMessageContaining("write http://host");
        assertThatThrownBy(() -> EtcdSettings.of(List.of("e:1"), "a/b")).hasMessageContaining("without '/'");
        assertThatThrownBy(() -> EtcdSettings.of(List.of("e:1"), "a").withLeaseTtl(Duration.ofMillis(1500)))
                .hasMessageContaining("whole seconds");
    }

    @Test
    void tlsGoesWithHttpsEndpoints() {
        EtcdTls tls = new EtcdTls(null, null, null);
        assertThat(secure(List.of("e1:2379", "https://e2:2379"), tls).endpoints())
                .containsExactly("https://e1:2379", "https://e2:2379");
        assertThat(secure(List.of("https://e1:2379"), null).isSecure()).isTrue();
        assertThat(secure(List.of("e1:2379"), null).isSecure()).isFalse();
        assertThatThrownBy(() -> secure(List.of("http://e1:2379"), tls))
                .hasMessageContaining("write https://host:port");
        assertThatThrownBy(() -> secure(List.of("http://e1:2379", "https://e2:2379"), null))
                .hasMessageContaining("write the same for all");
        assertThatThrownBy(() -> new EtcdTls("/no/such/file.pem", null, null))
                .hasMessageContaining("tls.ca names /no/such/file.pem, which cannot be read");
        assertThatThrownBy(() -> new EtcdTls(null, "/etc/hosts", null)).hasMessageContaining("give both or none");
    }

    private static EtcdSettings secure(List<String> endpoints, @Nullable EtcdTls tls) {
        return new EtcdSettings(endpoints, "school", Duration.ofSeconds(5), Duration.ofSeconds(5), null, null, "", tls);
    }
}
