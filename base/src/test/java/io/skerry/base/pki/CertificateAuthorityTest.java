package io.skerry.base.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.tls.Pem;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    @TempDir Path directory;

    private static String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void issuesWhatItsLoadedSelfVerifies() throws Exception {
        CertificateAuthority.create(directory, "cluster, one");
        var authority = CertificateAuthority.load(directory);
        var files =
                authority
                        .issue(
                                CertificateUse.PEER,
                                "h1 \"quoted\", O=x",
                                List.of("h1.example", "10.88.0.11", "fd00::1"))
                        .writeTo(directory.resolve("h1"), "peer");
        X509Certificate certificate = Pem.certificates(files.certificate()).getFirst();
        certificate.verify(authority.certificate().getPublicKey());
        certificate.checkValidity(Date.from(Instant.now().minus(Duration.ofMinutes(50))));
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactlyInAnyOrder(
                        "h1.example",
                        "10.88.0.11",
                        "fd00:0:0:0:0:0:0:1",
                        "localhost",
                        "127.0.0.1",
                        "0:0:0:0:0:0:0:1");
        assertThat(certificate.getExtendedKeyUsage())
                .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(authority.certificate().getBasicConstraints()).isZero();
        assertThat(Pem.privateKey(files.key()).getAlgorithm()).isEqualTo("EC");
        assertThat(permissions(files.key())).isEqualTo("rw-------");
        assertThat(permissions(files.certificate())).isEqualTo("rw-r--r--");
        assertThat(permissions(directory.resolve("ca.key"))).isEqualTo("rw-------");
        assertThat(permissions(directory.resolve("h1"))).isEqualTo("rwx------");
        try (var left = Files.list(directory.resolve("h1"))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("peer.crt", "peer.key", "ca.crt");
        }
    }

    @Test
    void clientsHaveNoServerUseAndNoNamesUnlessGiven() throws Exception {
        var authority = CertificateAuthority.create(directory, "ours");
        var files =
                authority
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("ada"), "client");
        X509Certificate certificate = Pem.certificates(files.certificate()).getFirst();
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getSubjectAlternativeNames()).isNull();
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=ada");
    }

    @Test
    void neverReplacesAnAuthorityOrAPartOfOne() throws Exception {
        var first = CertificateAuthority.create(directory, "ours");
        assertThatThrownBy(() -> CertificateAuthority.create(directory, "ours"))
                .isInstanceOf(FileAlreadyExistsException.class);
        Files.delete(directory.resolve("ca.crt"));
        assertThatThrownBy(() -> CertificateAuthority.create(directory, "ours"))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> CertificateAuthority.load(directory))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(first.certificate()).isNotNull();
    }
}
