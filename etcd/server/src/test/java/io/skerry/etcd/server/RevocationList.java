package io.skerry.etcd.server;

import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.tls.Pem;
import io.skerry.base.tls.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Lists of revoked certificates (CRL), as an authority issues them. */
public final class RevocationList {
    private RevocationList() {}

    /** Replaces the file at once. */
    public static void write(
            Path file, CertificateAuthority authority, Path authorityDirectory, TlsFiles... revoked)
            throws Exception {
        var signer =
                new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(
                                Pem.privateKey(
                                        authorityDirectory.resolve(CertificateAuthority.KEY_FILE)));
        var list = new JcaX509v2CRLBuilder(authority.certificate(), Date.from(Instant.now()));
        for (TlsFiles files : revoked) {
            list.addCRLEntry(
                    Pem.certificates(files.certificate()).getFirst().getSerialNumber(),
                    Date.from(Instant.now()),
                    0);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".fresh");
        Files.write(fresh, list.build(signer).getEncoded());
        Files.move(
                fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
