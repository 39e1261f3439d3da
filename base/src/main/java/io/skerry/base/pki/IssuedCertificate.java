package io.skerry.base.pki;

import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;

/** A new certificate with its private key, in memory. Not printed: it holds a secret. */
public final class IssuedCertificate {
    private final String certificatePem;
    private final String keyPem;
    private final String authorityPem;

    IssuedCertificate(String certificatePem, String keyPem, String authorityPem) {
        this.certificatePem = certificatePem;
        this.keyPem = keyPem;
        this.authorityPem = authorityPem;
    }

    public String certificatePem() {
        return certificatePem;
    }

    /** PKCS#8. */
    public String keyPem() {
        return keyPem;
    }

    /** The certificate of the authority that issued it. */
    public String authorityPem() {
        return authorityPem;
    }

    /**
     * Writes {@code <name>.crt} (0644), {@code <name>.key} (0600) and {@code ca.crt} (0644), each
     * atomically, replacing what is there; the directory is made if need be (0700).
     *
     * @return the files, with the authority trusted and client certificates required
     */
    public TlsFiles writeTo(Path directory, String name) throws IOException {
        PemFiles.createPrivateDirectory(directory);
        Path certificate = directory.resolve(name + ".crt");
        Path key = directory.resolve(name + ".key");
        Path authority = directory.resolve(CertificateAuthority.CERTIFICATE_FILE);
        // The key first: whoever follows the certificate file then finds the key that belongs to
        // it.
        PemFiles.writePrivate(key, keyPem);
        PemFiles.writePublic(certificate, certificatePem);
        PemFiles.writePublic(authority, authorityPem);
        return new TlsFiles(certificate, key, authority, true);
    }

    @Override
    public String toString() {
        return "IssuedCertificate[key not shown]";
    }
}
