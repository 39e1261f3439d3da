package io.skerry.testbed.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class CgroupLayoutTest {
    private static final String HYBRID =
            """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
            34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime shared:9 - cgroup cgroup rw,cpuset
            40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            50 23 0:40 / /elsewhere rw,relatime - cgroup cgroup rw,pids
            """;

    @Test
    void hybridLayoutHasVersion1HierarchiesAndTheUnifiedOneLast() throws Exception {
        var layout = CgroupLayout.parse(HYBRID);

        assertThat(layout.isPureVersion2()).isFalse();
        assertThat(layout.version1())
                .extracting(CgroupLayout.Version1::options)
                .containsExactly("cpu,cpuacct", "cpuset", "none,name=systemd");
        assertThat(layout.version1().get(1).isCpuset()).isTrue();
        assertThat(layout.mounts()).endsWith(Path.of("/sys/fs/cgroup/unified")).hasSize(4);
    }

    @Test
    void pureVersion2LayoutIsOneHierarchy() throws Exception {
        var layout =
                CgroupLayout.parse(
                        "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");

        assertThat(layout.isPureVersion2()).isTrue();
        assertThat(layout.mounts()).containsExactly(Path.of("/sys/fs/cgroup"));
    }

    @Test
    void otherLayoutsAreRefusedWithTheRemedy() {
        assertThatThrownBy(() -> CgroupLayout.parse("")).hasMessageContaining("mount -t cgroup2");
        assertThatThrownBy(() ->
                        CgroupLayout.parse(
                                "1 2 0:1 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"))
                .hasMessageContaining("version 1 only");
        assertThatThrownBy(() -> CgroupLayout.parse(HYBRID.replace("name=systemd", "name=other")))
                .hasMessageContaining("systemd's own");
    }
}
