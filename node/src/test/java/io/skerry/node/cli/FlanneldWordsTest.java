package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FlanneldWordsTest {
    private static List<String> split(String words) {
        return words.isEmpty() ? List.of() : List.of(words.split(" "));
    }

    private static Optional<FlanneldFlags> read(String words) {
        return FlanneldWords.read(split(words), Map.of());
    }

    /** What picocli makes of it. */
    private static FlanneldFlags parsed(String words) throws Exception {
        var command = new FlanneldCommand();
        var _ = new CommandLine(command).parseArgs(split(words).toArray(String[]::new));
        var field = FlanneldCommand.class.getDeclaredField("flags");
        field.setAccessible(true);
        return (FlanneldFlags) field.get(command);
    }

    private static Map<String, String> values(FlanneldFlags flags) throws Exception {
        var values = new TreeMap<String, String>();
        for (var field : FlanneldFlags.class.getDeclaredFields()) {
            field.setAccessible(true);
            values.put(field.getName(), String.valueOf(field.get(flags)));
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--etcd-endpoints=http://10.0.0.1:2379,http://10.0.0.2:2379 -iface eth0",
                "--iface=eth0 --iface eth1 -iface-regex=eth.* --iface-can-reach 10.0.0.9",
                "-ip-masq --etcd-prefix /a/b -v=4 --iptables-forward-rules=false",
                "--ip-masq=false --etcd-v2 --subnet-lease-ttl 2h -subnet-lease-renew-margin 5",
                "--etcd-cafile ca --etcd-certfile=c --etcd-keyfile=k --etcd-username u"
                        + " --etcd-password=w=w",
                "--public-ip 10.0.0.1 --public-ipv6=fd00::1 --subnet-file /x/s.env --cni-conf /x/c",
                "--healthz-ip 127.0.0.1 --healthz-port 8290 -iptables-resync=7 --v 1"
            })
    void readsTheUsualAsPicocliDoes(String words) throws Exception {
        assertThat(values(read(words).orElseThrow())).isEqualTo(values(parsed(words)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "--iface",
                "--iface --ip-masq",
                "--iface=",
                "--etcd-prefix=/a --etcd-prefix=/b",
                "--etcd-endpoint=http://x",
                "-cni-conf=/x",
                "-subnet-lease-ttl=10s",
                "---iface=eth0",
                "iface",
                "--ip-masq true",
                "--ip-masq=yes",
                "--kube-subnet-mgr",
                "--healthz-port=http",
                "--iface='eth0'",
                "@file",
                "--playground=x",
                "--subnet-lease-ttl=1s",
                "--etcd-keyfile=k"
            })
    void leavesAllElseToPicocli(String words) {
        assertThat(read(words)).isEmpty();
    }

    @Test
    void knowsEveryFlagThatPicocliKnows() {
        var names = new HashSet<String>();
        for (var option : new CommandLine(new FlanneldCommand()).getCommandSpec().options()) {
            boolean oneDash =
                    Arrays.stream(option.names())
                            .anyMatch(name -> name.startsWith("-") && !name.startsWith("--"));
            String name = option.longestName().substring(2);
            names.add(name);
            assertThat(FlanneldWords.read(List.of("-" + name + "=7"), Map.of()).isPresent())
                    .as("one dash of " + name)
                    .matches(read -> !read || oneDash);
        }
        names.remove("kube-subnet-mgr"); // refused, with picocli's words
        names.remove("version"); // no daemon is started, so that its time does not matter

        assertThat(FlanneldWords.NAMES).containsExactlyInAnyOrderElementsOf(names);
        assertThat(FlanneldWords.NAMES)
                .allSatisfy(name -> assertThat(knows(name)).as(name).isTrue());
    }

    private static boolean knows(String name) {
        try {
            return new FlanneldFlags().set(name, "7");
        } catch (IllegalArgumentException e) {
            return true; // it is a switch
        }
    }

    @Test
    void environmentSaysWhatNoFlagSays() throws Exception {
        var environment =
                Map.of(
                        "FLANNELD_IFACE", "eth1",
                        "FLANNELD_ETCD_PREFIX", "/of/environment",
                        "FLANNELD_IP_MASQ", "true",
                        "FLANNELD_PUBLIC_IP", "");

        var flags = FlanneldWords.read(List.of("--etcd-prefix=/of/flag"), environment);

        assertThat(values(flags.orElseThrow()))
                .isEqualTo(values(parsed("--etcd-prefix=/of/flag --iface=eth1 --ip-masq")));
        assertThat(FlanneldWords.read(List.of(), Map.of("FLANNELD_KUBE_SUBNET_MGR", "true")))
                .isEmpty();
        assertThat(FlanneldWords.read(List.of(), Map.of("FLANNELD_IP_MASQ", "perhaps"))).isEmpty();
    }
}
