package io.skerry.base.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactNameTest {
    @Test
    void seesWhatIsThereLetterByLetterAndLeavesTheRestToTheJdk(@TempDir Path directory)
            throws Exception {
        var names = List.of("a.example", "*.wild.example", "10.0.0.1");
        var certificate =
                Pem.certificates(
                                CertificateAuthority.create(directory.resolve("ca"), "ours")
                                        .issue(CertificateUse.CLIENT, "common.example", names)
                                        .writeTo(directory, "some")
                                        .certificate())
                        .getFirst();

        assertThat(List.of("a.example", "10.0.0.1"))
                .allMatch(host -> ExactName.isIn(certificate, host));
        assertThat(
                        List.of(
                                "",
                                "A.example",
                                "example",
                                "b.a.example",
                                "b.wild.example",
                                "common.example",
                                "10.0.0.10",
                                "10.0.0.1.",
                                "::1"))
                .noneMatch(host -> ExactName.isIn(certificate, host));
    }
}
