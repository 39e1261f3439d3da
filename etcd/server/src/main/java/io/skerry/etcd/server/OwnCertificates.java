package io.skerry.etcd.server;

import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.Pem;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Certificates that a member makes for itself, each with an authority that vouches for nothing
 * else. They stay in the data directory, below {@code fixtures}, until they have expired.
 */
final class OwnCertificates {
    private static final int DAYS_A_YEAR = 365;

    private final Path directory;
    private final List<String> hosts;

    /**
     * @param dataDir of the member
     * @param urls where it listens; their hosts are what the certificates are valid for
     */
    OwnCertificates(Path dataDir, Collection<String> urls) {
        this.directory = dataDir.resolve("fixtures");
        this.hosts = urls.stream().map(url -> URI.create(url).getHost()).distinct().toList();
    }

    /**
     * The files of one identity, made if they are not there yet.
     *
     * @param use names the folder: client or peer
     */
    TlsFiles files(String use, int years, TlsRules rules) {
        if (years < 1) {
            throw new IllegalArgumentException("--self-signed-cert-validity must be at least 1");
        }
        Path folder = directory.resolve(use);
        var files =
                new TlsFiles(
                        folder.resolve("cert.crt"), folder.resolve("cert.key"), null, false, rules);
        try {
            if (!usable(files)) {
                make(folder, Duration.ofDays((long) years * DAYS_A_YEAR));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot make a certificate in " + folder + ": " + e.getMessage(), e);
        }
        return files;
    }

    private static boolean usable(TlsFiles files) throws IOException {
        if (Files.notExists(files.certificate()) || Files.notExists(files.key())) {
            return false;
        }
        try {
            Pem.certificates(files.certificate()).getFirst().checkValidity();
            return true;
        } catch (CertificateException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void make(Path folder, Duration life) throws IOException {
        Path authority = Files.createTempDirectory("own-authority");
        try {
            CertificateAuthority.create(authority.resolve("ca"), "etcd")
                    .issue(CertificateUse.PEER, "etcd", hosts, life)
                    .writeTo(folder, "cert");
        } finally {
            // Its key is not needed again: the next certificate gets a new one.
            for (String file :
                    List.of(CertificateAuthority.KEY_FILE, CertificateAuthority.CERTIFICATE_FILE)) {
                Files.deleteIfExists(authority.resolve("ca").resolve(file));
            }
            Files.deleteIfExists(authority.resolve("ca"));
            Files.deleteIfExists(authority);
        }
    }
}
