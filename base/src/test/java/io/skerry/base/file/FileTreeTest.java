package io.skerry.base.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir Path directory;

    @Test
    void folderGoesWithAllInItButWhatItsLinksLeadToStays() throws Exception {
        Path kept = Files.writeString(directory.resolve("kept"), "x");
        Path tree = directory.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("a/b/file"), "x");
        Files.createSymbolicLink(tree.resolve("a/link"), kept);
        Files.createSymbolicLink(tree.resolve("folders"), directory);
        Files.createSymbolicLink(tree.resolve("dangling"), directory.resolve("nowhere"));

        FileTree.remove(tree);

        assertThat(directory).isDirectoryContaining(kept::equals).isNotEmptyDirectory();
        assertThat(tree).doesNotExist();
    }

    @Test
    void removingAFileOrALinkRemovesJustThat() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        FileTree.remove(link);
        assertThat(link).doesNotExist();
        assertThat(file).exists();
        FileTree.remove(file);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatIsNotThereIsNoError() throws Exception {
        FileTree.remove(directory.resolve("nothing"));
        FileTree.remove(directory.resolve("nothing/below"));
    }
}
