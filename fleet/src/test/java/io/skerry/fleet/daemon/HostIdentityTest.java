package io.skerry.fleet.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostIdentityTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void thisBootHasOneIdHoweverOftenItIsAsked() throws Exception {
        String kernel = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();

        assertThat(HostIdentity.bootId())
                .matches(kernel + "-\\d+-\\d+")
                .isEqualTo(HostIdentity.bootId());
    }

    @Test
    void containersOfOneKernelThatStartAtTheSameMomentAreToldApart() throws Exception {
        String one = HostIdentity.bootId(proc("one", 1234, "pid:[4026532301]"));

        assertThat(one).isEqualTo("kernels-id-1234-4026532301");
        assertThat(HostIdentity.bootId(proc("two", 1234, "pid:[4026532302]"))).isNotEqualTo(one);
        assertThat(HostIdentity.bootId(proc("later", 1235, "pid:[4026532301]"))).isNotEqualTo(one);
    }

    /** What of /proc is read, as the kernel has it; the command's name may hold anything. */
    private Path proc(String name, long started, String namespace) throws IOException {
        Path proc = folder.resolve(name);
        Files.createDirectories(proc.resolve("1"));
        Files.createDirectories(proc.resolve("self/ns"));
        Files.createDirectories(proc.resolve("sys/kernel/random"));
        String fields = "S 0 1 1 0 -1 4194560 9 9 9 9 1 1 1 1 20 0 1 0 " + started + " 99 9";
        Files.writeString(proc.resolve("1/stat"), "1 (in) it) " + fields + "\n");
        Files.writeString(proc.resolve("sys/kernel/random/boot_id"), "kernels-id\n");
        Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of(namespace));
        return proc;
    }
}
