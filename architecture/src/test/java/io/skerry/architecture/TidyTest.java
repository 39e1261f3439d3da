package io.skerry.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class TidyTest {
    private static final int MOST_LINES = 500;

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

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(CHECKOUT)) {
            var sources =
                    files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> name(file).contains("src/"))
                            .filter(file -> !name(file).contains("target/"))
                            .toList();
            assertThat(sources).as("Java files below " + CHECKOUT).isNotEmpty();
            return sources;
        }
    }
}
