package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** etcd's configuration file and the flags it stands for. */
class ConfigFileTest {
    @TempDir Path directory;

    private List<String> flags(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("etcd.yml"), yaml);
        return ConfigFile.arguments(file, new CommandLine(new EtcdCommand()).getCommandSpec());
    }

    @Test
    void keysOfEtcdsSampleBecomeFlags() throws Exception {
        assertThat(
                        flags(
                                """
                                # Human-readable name for this member.
                                name: 'default'
                                data-dir:
                                wal-dir:
                                snapshot-count: 10000
                                listen-client-urls: http://localhost:2379
                                max-snapshots: 5
                                max-wals: 5
                                cors:
                                strict-reconfig-check: false
                                enable-pprof: true
                                client-transport-security:
                                  cert-file:
                                  key-file: k.pem
                                  client-cert-auth: false
                                  allowed-hostname: host
                                peer-transport-security:
                                  trusted-ca-file: ca.pem
                                  allowed-cn: peer
                                log-outputs: [stderr, member.log]
                                force-new-cluster: false
                                """))
                .containsExactly(
                        "--name=default",
                        "--snapshot-count=10000",
                        "--listen-client-urls=http://localhost:2379",
                        "--max-snapshots=5",
                        "--max-wals=5",
                        "--strict-reconfig-check=false",
                        "--enable-pprof=true",
                        "--key-file=k.pem",
                        "--client-cert-auth=false",
                        "--client-cert-allowed-hostname=host",
                        "--peer-trusted-ca-file=ca.pem",
                        "--peer-cert-allowed-cn=peer",
                        "--log-outputs=stderr,member.log",
                        "--force-new-cluster=false");
        assertThat(flags("")).isEmpty();
    }

    @Test
    void unknownKeysAreNamedWithTheirLine() {
        assertThatThrownBy(() -> flags("name: a\nsnapshot-cuont: 5\n"))
                .hasMessageEndingWith(
                        "etcd.yml:2: unknown key snapshot-cuont; did you mean snapshot-count?");
        assertThatThrownBy(() -> flags("peer-transport-security:\n  cert-fil: x\n"))
                .hasMessageEndingWith(
                        ":2: unknown key peer-transport-security.cert-fil; did you mean"
                                + " cert-file?");
        assertThatThrownBy(() -> flags("name: a\nname: b\n"))
                .hasMessageEndingWith(":2: name is given twice");
        assertThatThrownBy(() -> flags("name: [\n")).hasMessageContaining("not YAML");
        assertThatThrownBy(() -> flags("- a\n"))
                .hasMessageEndingWith(":1: the file must hold keys with values");
    }

    @Test
    void everyFlagThatIsRefusedSaysWhyAndLetsPassWhatIsSoAnyway() {
        RefusedFlags.ALL.forEach((name, flag) -> {
            assertThat(flag.refusal("nonsense"))
                    .startsWith("--" + name + ": \"nonsense\" is not supported: ");
            flag.allowed().forEach(value -> assertThat(flag.refusal(value)).isNull());
            assertThat(flag.refusal("")).isNull();
            assertThatThrownBy(() ->
                            new CommandLine(new EtcdCommand()).parseArgs("--" + name + "=nonsense"))
                    .hasMessage(flag.refusal("nonsense"));
        });
    }

    @Test
    void docsTellWhyEachFlagIsRefused() throws Exception {
        String docs = Files.readString(Path.of("../../docs/etcd-operations.md"));
        RefusedFlags.ALL.forEach((name, flag) ->
                assertThat(docs)
                        .as(name)
                        .contains("| `--" + name + "` | " + flag.words() + " | " + flag.reason()));
    }
}
