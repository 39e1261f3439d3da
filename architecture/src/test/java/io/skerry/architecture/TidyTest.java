package io.skerry.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class TidyTest {
    private static final int MOST_LINES = 500;
    private static final Set<String> NOT_SOURCES = Set.of("target", ".git", ".skerry");

    /** Surefire runs in the module's folder; the checkout is above it. */
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void everyPackageIsNullMarked() {
        assertThat(Program.CLASSES.stream().map(JavaClass::getPackage).distinct())
                .allMatch(found -> found.isAnnotatedWith(NullMarked.class));
    }

    @Test
    void noFileIsLongerThanAReaderCanFollow() throws IOException {
        for (var file : sources()) {
            assertThat(Files.readAllLines(file))
                    .as(name(file))
                    .hasSizeLessThanOrEqualTo(MOST_LINES);
        }
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        var marks = List.of("TO" + "DO", "FIX" + "ME", "@Dis" + "abled");
        for (var file : sources()) {
            assertThat(Files.readString(file)).as(name(file)).doesNotContain(marks);
        }
    }

    private static String name(Path file) {
        return CHECKOUT.relativize(file).toString();
    }

    /** Builds are passed by: what other processes make there may vanish while we look. */
    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        Files.walkFileTree(
                CHECKOUT,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return NOT_SOURCES.contains(String.valueOf(folder.getFileName()))
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.toString().endsWith(".java") && name(file).contains("src/")) {
                            sources.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        assertThat(sources).as("Java files below " + CHECKOUT).isNotEmpty();
        return sources;
    }
}
