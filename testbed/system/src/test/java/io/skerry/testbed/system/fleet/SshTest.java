package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Finished;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Commands on the machine of a unit, given on another host: by the program that hosts have, over
 * the system's OpenSSH, to a server that is a unit itself.
 */
@OnCluster
final class SshTest {
    private static final String FROM = "h1";
    private static final String TO = "h3";

    /** A folder in {@code /run}, which each host has for itself. */
    private static final String FOLDER = "/run/ssh-of-a-test";

    private final Cluster cluster;

    SshTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void sshRunsACommandOnTheMachineOfAUnit() throws Exception {
        serveSsh(makeKey());
        cluster.writeService("there.service", "MachineOf=sshd-of-a-test.service");
        cluster.fleet("start", "there");
        assertThat(cluster.hostOf("there.service")).isEqualTo(TO);
        String id = cluster.host(TO).machineId();
        String hostname = cluster.in(TO, "hostname");
        // systemd calls a server of this kind started before it listens.
        cluster.await("ssh", () -> fleet("ssh --machine=" + id + " true").succeeded());

        assertThat(said("ssh there.service hostname")).isEqualTo(hostname);
        assertThat(said("ssh " + id + " hostname")).isEqualTo(hostname);
        assertThat(said("ssh --unit there 'systemctl is-active there'")).isEqualTo("active");
        assertThat(fleet("ssh there.service 'exit 3'").exitCode()).isEqualTo(3);
        assertThat(fleet("ssh nowhere.service true").stderr())
                .contains("neither a machine nowhere.service nor a unit");
    }

    @Test
    void everythingGoesThroughATunnelToAnotherHost() throws Exception {
        serveSsh(makeKey());
        String tunnel = "--tunnel=" + cluster.host(TO).address() + " ";
        cluster.await("the tunnel", () -> fleet(tunnel + "list-machines").succeeded());

        assertThat(said(tunnel + "list-machines --no-legend").lines()).hasSize(Cluster.HOSTS);
        assertThat(said(tunnel + "status sshd-of-a-test"))
                .contains("sshd-of-a-test.service", "Active: active (running)");
        assertThat(said(tunnel + "journal --lines=1000 sshd-of-a-test"))
                .contains("Accepted publickey for root from " + cluster.host(FROM).address());
        assertThat(said(tunnel + "ssh sshd-of-a-test.service hostname"))
                .isEqualTo(cluster.in(TO, "hostname"));
    }

    /** Gives the public one; what {@code ssh} is on that host from now on shows the private one. */
    private String makeKey() throws Exception {
        return cluster.in(
                FROM,
                "sh",
                "-c",
                """
                mkdir -p %1$s && cd %1$s && rm -f key key.pub known &&
                ssh-keygen -q -t ed25519 -N '' -f key &&
                printf '#!/bin/sh\\nexec /usr/bin/ssh -F none -i %1$s/key -o BatchMode=yes "$@"\\n' >ssh &&
                chmod +x ssh && cat key.pub
                """
                        .formatted(FOLDER));
    }

    private void serveSsh(String key) throws Exception {
        cluster.write(
                "sshd-of-a-test.service",
                """
                [Service]
                RuntimeDirectory=sshd sshd-of-a-test
                ExecStartPre=/bin/sh -c 'echo "%1$s" >/run/sshd-of-a-test/authorized'
                ExecStartPre=/usr/bin/ssh-keygen -q -t ed25519 -N "" -f /run/sshd-of-a-test/host
                ExecStart=/usr/sbin/sshd -D -e -f /dev/null -h /run/sshd-of-a-test/host \
                -o AuthorizedKeysFile=/run/sshd-of-a-test/authorized -o PidFile=none \
                -o StrictModes=no -o UsePAM=no
                [X-Fleet]
                MachineMetadata=hostname=%2$s
                """
                        .formatted(key, TO));
        cluster.fleet("start", "sshd-of-a-test");
    }

    /** What a command prints that must succeed. */
    private String said(String words) throws Exception {
        Finished done = fleet(words);
        assertThat(done.exitCode()).as(words + ": " + done.stderr()).isZero();
        return done.stdout().strip();
    }

    /**
     * Hosts have the program under the name that it has in every playground; where the build has
     * put it is nothing that they see.
     */
    private Finished fleet(String words) throws Exception {
        var flags =
                List.of(
                        "--ssh-username=root",
                        "--ssh-timeout=60",
                        "--known-hosts-file=" + FOLDER + "/known",
                        "--strict-host-key-checking=false");
        String line = "fleetctl " + String.join(" ", flags) + " " + words;
        return cluster.attempt(FROM, "sh", "-c", "PATH=" + FOLDER + ":$PATH exec " + line);
    }
}
