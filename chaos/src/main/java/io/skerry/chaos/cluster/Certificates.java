package io.skerry.chaos.cluster;

import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** An authority of one run: members ask each other for certificates of it. */
record Certificates(Path authority, TlsFiles peer) {
    static Certificates issue(Path folder, Collection<String> hosts) throws IOException {
        var authority = CertificateAuthority.create(folder, "skerry chaos");
        return new Certificates(
                authority.certificateFile(),
                authority.issue(CertificateUse.PEER, "peer", hosts).writeTo(folder, "peer"));
    }

    /** A member's flags. */
    List<String> flags() {
        return List.of(
                "--peer-cert-file",
                peer.certificate().toString(),
                "--peer-key-file",
                peer.key().toString(),
                "--peer-trusted-ca-file",
                authority.toString(),
                "--peer-client-cert-auth");
    }
}
