package io.skerry.fleet.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCapacityTest {
    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void hostOfTwoProcessorsAndTwoGibibytes() throws IOException {
        write("cpuinfo", "processor\t: 0\nmodel name\t: x\n\nprocessor\t: 1\nmodel name\t: x\n");
        write("meminfo", "MemTotal:        2097152 kB\nMemFree:         1000 kB\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private Resources read() throws IOException {
        return HostCapacity.read(directory, directory);
    }

    @Test
    void isAllThatTheHostHas() throws IOException {
        assertThat(read()).isEqualTo(new Resources(2000, 2L << 30));
    }

    @Test
    void isNoMoreThanTheControlGroupAllows() throws IOException {
        write("cpu.max", "150000 100000\n");
        write("memory.max", "536870912\n");

        assertThat(read()).isEqualTo(new Resources(1500, 512L << 20));
    }

    @Test
    void isAllWhenTheControlGroupHasNoLimits() throws IOException {
        write("cpu.max", "max 100000\n");
        write("memory.max", "max\n");

        assertThat(read()).isEqualTo(new Resources(2000, 2L << 30));
    }

    @Test
    void isReadOfThisHost() throws IOException {
        assertThat(HostCapacity.read().cpuMillis()).isPositive();
        assertThat(HostCapacity.read().memoryBytes()).isPositive();
    }
}
