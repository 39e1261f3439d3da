package io.skerry.node.playground;

import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.pki.IssuedCertificate;
import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostImage;
import io.skerry.testbed.hosts.Playground;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The files a host needs to take part in the cluster: configuration, unit, certificates. */
final class ClusterFiles {
    /** At most so many hosts vote in the store; further ones are its clients. */
    static final int MAX_STORE_MEMBERS = 3;

    private static final String CONFIG = "/etc/skerry/node.yaml";
    private static final String PKI = "/etc/skerry/pki";
    private static final String PUBLIC = "rw-r--r--";
    private static final String PRIVATE = "rw-------";

    private ClusterFiles() {}

    /** Folder of the playground's authority and of the certificate its commands use. */
    static Path pki(Playground playground) {
        return playground.directory().resolve("pki");
    }

    /** Writes what every host lacks; what is there stays. */
    static void writeAll(Playground playground, ClusterPlan plan) throws IOException {
        CertificateAuthority authority = authority(playground);
        for (Host host : playground.hosts()) {
            playground.install(
                    host, "/etc/systemd/system/" + Program.UNIT, unit(Program.jdk()), PUBLIC);
            playground.install(host, CONFIG, nodeConfig(host, plan), PUBLIC);
            if (!playground.hasInstalled(host, PKI + "/client.key")) {
                installCertificates(playground, host, authority);
            }
        }
    }

    private static CertificateAuthority authority(Playground playground) throws IOException {
        Path directory = pki(playground);
        if (CertificateAuthority.exists(directory)) {
            return CertificateAuthority.load(directory);
        }
        var authority =
                CertificateAuthority.create(directory, "Skerry playground " + playground.name());
        authority
                .issue(CertificateUse.CLIENT, "skerry-admin", List.of())
                .writeTo(directory, "client");
        return authority;
    }

    private static void installCertificates(
            Playground playground, Host host, CertificateAuthority authority) throws IOException {
        List<String> names = List.of(host.name(), host.address(), "localhost", "127.0.0.1");
        for (CertificateUse use : CertificateUse.values()) {
            String name = use.name().toLowerCase(Locale.ROOT);
            IssuedCertificate issued =
                    authority.issue(
                            use, host.name(), use == CertificateUse.CLIENT ? List.of() : names);
            playground.install(host, PKI + "/ca.crt", issued.authorityPem(), PUBLIC);
            playground.install(host, PKI + "/" + name + ".crt", issued.certificatePem(), PUBLIC);
            playground.install(host, PKI + "/" + name + ".key", issued.keyPem(), PRIVATE);
        }
    }

    /** The configuration of one virtual host. */
    static String nodeConfig(Host host, ClusterPlan plan) {
        var members = new ArrayList<String>();
        for (int number = 1; number <= plan.storeMembers(); number++) {
            members.add("    h" + number + ": " + Host.addressOf(number));
        }
        return """
        # Written by "skerry up" before every boot.
        name: %s
        address: %s
        roles: [%s]
        data-dir: /var/lib/host/skerry
        pki-dir: %s
        store:
          token: %s
          members:
        %s
        """
                .formatted(
                        host.name(),
                        host.address(),
                        host.number() <= plan.storeMembers()
                                ? "etcd, fleet, flannel"
                                : "fleet, flannel",
                        PKI,
                        plan.token(),
                        String.join("\n", members));
    }

    /** The unit that runs the node on a virtual host. */
    static String unit(Path jdk) {
        String order =
                """
                Requires=dbus.socket
                After=dbus.socket dbus.service network.target\
                """;
        return NodeUnit.text(order, jdk, HostImage.PROGRAM_MOUNT, CONFIG);
    }
}
