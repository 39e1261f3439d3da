package io.skerry.containers.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.process.Command;
import io.skerry.containers.containerd.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageArchiveTest {
    private static final ImageBuilder WEB =
            new ImageBuilder(
                    new ImageName("web:1"),
                    List.of("COLOUR=blue"),
                    List.of("/bin/httpd"),
                    List.of("-f"));

    @Test
    void imageOfAFolderIsReadBack(@TempDir Path folder) throws Exception {
        var archive = ImageArchive.unpack(built(folder), folder("layout", folder));

        var manifests = archive.manifests();

        assertThat(manifests).containsOnlyKeys(Optional.of("web:1"));
        var config = config(archive, manifests.values().iterator().next());
        assertThat(config.entrypoint()).containsExactly("/bin/httpd");
        assertThat(config.command()).containsExactly("-f");
        assertThat(config.environment()).first().asString().startsWith("PATH=");
        assertThat(config.environment()).contains("COLOUR=blue");
        assertThat(config.layers()).hasSize(1);
        assertThat(config.chain()).isEqualTo(config.layers().getFirst());
    }

    @Test
    void sameFolderGivesTheSameImage(@TempDir Path folder) throws Exception {
        Path first = built(folder);
        byte[] before = Files.readAllBytes(first);

        WEB.build(folder.resolve("root"), first);

        assertThat(Files.readAllBytes(first)).isEqualTo(before);
    }

    @Test
    void chainOfSeveralLayersFollowsTheRuleOfTheSpecification() {
        String a = "sha256:" + "a".repeat(64);
        String b = "sha256:" + "b".repeat(64);
        var config = new ImageConfig(List.of(), List.of(), List.of(), "", "", List.of(a, b));

        assertThat(config.chain(1)).isEqualTo(a);
        assertThat(config.chain())
                .isEqualTo(
                        "sha256:"
                                + ImageConfig.sha256(
                                        (a + " " + b)
                                                .getBytes(
                                                        java.nio.charset.StandardCharsets
                                                                .US_ASCII)));
    }

    @Test
    void changedContentIsRefused(@TempDir Path folder) throws Exception {
        Path layout = folder("layout", folder);
        var archive = ImageArchive.unpack(built(folder), layout);
        Descriptor manifest = archive.manifests().values().iterator().next();
        Path blob = archive.file(manifest);
        Files.write(
                blob,
                "x"
                        .repeat((int) manifest.size())
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> archive.read(manifest)).hasMessageContaining("damaged");

        Files.writeString(blob, "short");
        assertThatThrownBy(() -> archive.read(manifest)).hasMessageContaining("incomplete");
    }

    @Test
    void whatIsNoArchiveIsRefusedWithHowToMakeOne(@TempDir Path folder) throws Exception {
        Path noise = Files.writeString(folder.resolve("noise.tar"), "this is no tar file");
        assertThatThrownBy(() -> ImageArchive.unpack(noise, folder("one", folder)))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("no OCI image archive");

        Path tar = folder.resolve("other.tar");
        Command.of("tar", "-cf", tar.toString(), "-C", folder.toString(), "noise.tar").check();
        var archive = ImageArchive.unpack(tar, folder("two", folder));
        assertThatThrownBy(archive::manifests)
                .isInstanceOf(ImageException.class)
                .hasMessageContainingAll("index.json", "docker save", "skopeo");
    }

    @Test
    void archiveCompressedByGzipIsReadAndAnyOtherRefused(@TempDir Path folder) throws Exception {
        Path plain = built(folder);
        Command.of("gzip", "--keep", plain.toString()).check();

        var archive = ImageArchive.unpack(folder.resolve("web.tar.gz"), folder("layout", folder));

        assertThat(archive.manifests()).containsOnlyKeys(Optional.of("web:1"));
        assertThat(folder.resolve("layout.tar")).doesNotExist();
        Path zstd =
                Files.write(
                        folder.resolve("web.tar.zst"),
                        new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0});
        assertThatThrownBy(() -> ImageArchive.unpack(zstd, folder("other", folder)))
                .isInstanceOf(ImageException.class)
                .hasMessageContainingAll("zstd", "only gzip", "decompress");
        Path damaged =
                Files.write(
                        folder.resolve("damaged.tar.gz"),
                        new byte[] {0x1f, (byte) 0x8b, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        assertThatThrownBy(() -> ImageArchive.unpack(damaged, folder("third", folder)))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void namesOfImagesAreChecked() {
        for (String good : List.of("busybox", "example.org:5000/team/web:1.2-rc", "a_b/c.d")) {
            assertThat(new ImageName(good)).hasToString(good);
        }
        for (String bad : List.of("", "Web", "-x", "a b", "web:", "a/../b", "x".repeat(201))) {
            assertThatThrownBy(() -> new ImageName(bad)).hasMessageContaining("for instance");
        }
    }

    private static Path built(Path folder) throws IOException, InterruptedException {
        Path root = folder("root", folder);
        Files.writeString(root.resolve("index.html"), "hello\n");
        Path archive = folder.resolve("web.tar");
        WEB.build(root, archive);
        return archive;
    }

    private static Path folder(String name, Path in) throws IOException {
        return Files.createDirectories(in.resolve(name));
    }

    private static ImageConfig config(ImageArchive archive, Descriptor manifest)
            throws IOException {
        var tree = Json.read(archive.read(manifest), "manifest");
        return ImageConfig.parse(archive.read(Json.descriptor(tree.path("config"))));
    }
}
