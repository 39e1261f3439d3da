package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.tls.Pem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiCommandTest {
    private final StringWriter err = new StringWriter();

    @TempDir private Path temporary = Path.of("");

    @Test
    void makesCertificatesThatTheirAuthorityVouchesFor() throws Exception {
        var directory = temporary.resolve("pki");

        assertThat(create(directory, "10.0.0.1,node.example.org,fd00::1")).isZero();

        var authority = Pem.certificates(directory.resolve("ca.crt")).getFirst();
        for (var name : new String[] {"server", "peer", "client"}) {
            var certificate = Pem.certificates(directory.resolve(name + ".crt")).getFirst();
            certificate.verify(authority.getPublicKey());
        }
        assertThat(
                        Pem.certificates(directory.resolve("server.crt"))
                                .getFirst()
                                .getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .contains("10.0.0.1", "node.example.org", "127.0.0.1");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".key")))
                    .hasSize(4)
                    .allSatisfy(file ->
                            assertThat(Files.getPosixFilePermissions(file))
                                    .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        }
    }

    @Test
    void overwritesNothing() throws Exception {
        var key = Files.writeString(temporary.resolve("peer.key"), "mine");

        assertThat(create(temporary, "localhost")).isEqualTo(1);

        assertThat(err.toString())
                .isEqualTo(
                        "skerry: "
                                + key
                                + " exists and is not overwritten; choose another --dir\n");
        assertThat(temporary).isDirectoryNotContaining("glob:**ca.*");
    }

    @Test
    void refusesWhatIsNoHost() {
        assertThat(create(temporary, "good,bad host")).isEqualTo(2);

        assertThat(err.toString()).contains("\"bad host\" is neither");
    }

    private int create(Path directory, String hosts) {
        return Main.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                "pki",
                "create",
                "--dir",
                directory.toString(),
                "--hosts",
                hosts);
    }
}
