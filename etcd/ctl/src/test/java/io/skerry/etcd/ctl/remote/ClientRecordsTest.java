package io.skerry.etcd.ctl.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.net.SrvRecords.Target;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which members a domain's records name. */
class ClientRecordsTest {
    private static final Target ONE = new Target("one.example.com", 2379);
    private static final Target TWO = new Target("fd00::2", 2379);
    private static final Map<String, List<Target>> BOTH =
            Map.of(
                    "_etcd-client._tcp.example.com", List.of(ONE),
                    "_etcd-client-ssl._tcp.example.com", List.of(TWO));

    private final List<String> ignored = new ArrayList<>();

    private String endpoints(Map<String, List<Target>> records, String... line) throws CtlFailure {
        var given = new FlagSet(GlobalFlags.ALL).parse(List.of(line));
        return ClientRecords.applied(
                        given,
                        name -> {
                            List<Target> found = records.get(name);
                            if (found == null) {
                                throw new IOException(name + " is not there");
                            }
                            return found;
                        },
                        ignored::add)
                .text("endpoints");
    }

    @Test
    void membersOfBothSchemesAreAskedThoseOfHttpsFirst() throws Exception {
        assertThat(endpoints(BOTH, "--discovery-srv=example.com", "--endpoints=a:1"))
                .isEqualTo("https://[fd00::2]:2379,http://one.example.com:2379");
        assertThat(ignored).isEmpty();
    }

    @Test
    void httpDoesNotCountUnlessItIsSaidSo() throws Exception {
        String secure = "--insecure-discovery=false";
        assertThat(endpoints(BOTH, "--discovery-srv=example.com", secure))
                .isEqualTo("https://[fd00::2]:2379");
        assertThat(ignored)
                .containsExactly(
                        "ignoring discovered insecure endpoint \"http://one.example.com:2379\"");
        var plain = Map.of("_etcd-client._tcp.example.com", List.of(ONE));
        assertThat(endpoints(plain, "--discovery-srv=example.com", "--endpoints=a:1", secure))
                .as("what was given, as etcdctl has it")
                .isEqualTo("a:1");
    }

    @Test
    void serviceNameTellsStoresOfADomainApart() throws Exception {
        var blue = Map.of("_etcd-client-blue._tcp.example.com", List.of(ONE));
        assertThat(endpoints(blue, "-d", "example.com", "--discovery-srv-name=blue"))
                .isEqualTo("http://one.example.com:2379");
        assertThatThrownBy(() -> endpoints(blue, "-d", "example.com"))
                .hasMessage(
                        "dns lookup errors: _etcd-client-ssl._tcp.example.com is not there"
                                + " and _etcd-client._tcp.example.com is not there");
    }

    @Test
    void withoutADomainNobodyIsAsked() throws Exception {
        assertThat(endpoints(Map.of(), "--endpoints=a:1")).isEqualTo("a:1");
    }
}
