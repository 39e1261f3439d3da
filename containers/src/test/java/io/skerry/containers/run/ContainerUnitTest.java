package io.skerry.containers.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.process.Command;
import io.skerry.containers.image.ImageName;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import io.skerry.systemd.unit.UnitOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainerUnitTest {
    /** Numbers of processes are smaller on any Linux. */
    private static final int NO_PROCESS = 1 << 23;

    private static final ContainerSpec WEB =
            new ContainerSpec(
                    new ImageName("busybox"),
                    List.of("sh", "-c", "date +%s; echo \"a\\b\"\nexit 3"),
                    List.of("COLOUR=deep blue", "HALF=50%"),
                    List.of(new Volume(Path.of("/srv"), Path.of("/data"), true)),
                    List.of(new PublishedPort(8080, 80, "tcp"), new PublishedPort(53, 53, "udp")),
                    "nobody",
                    "/data");

    @Test
    void specComesBackFromItsUnitWhateverIsInIt() throws Exception {
        String text = unit(WEB).file().serialize();

        var read =
                ContainerSpec.of(new UnitName("web.service"), UnitFile.parse("web.service", text));

        assertThat(read).isEqualTo(WEB);
    }

    @Test
    void limitsAreThoseOfTheUnitsOwnControlGroup() throws Exception {
        String text = unit(WEB).file().serialize();

        assertThat(text)
                .contains("MemoryMax=67108864\n", "CPUQuota=50%\n", "Delegate=yes\n")
                .contains("Restart=always\n", "timeout 10 tail", "TimeoutStopSec=40000ms\n")
                .contains("[X-Fleet]\nMachineID=abc\n");
    }

    /** What its shell wrote would be among what the container has written. */
    @Test
    void stopOfAProcessThatHasEndedMeanwhileSaysNothing(@TempDir Path folder) throws Exception {
        String line =
                unit(WEB)
                        .file()
                        .serialize()
                        .lines()
                        .filter(each -> each.startsWith("ExecStop="))
                        .findFirst()
                        .orElseThrow();
        String script =
                line.substring(line.indexOf('\'') + 1, line.lastIndexOf('\''))
                        .replace("$$MAINPID", Integer.toString(NO_PROCESS))
                        .replace(HostPaths.RUN.toString(), folder.toString());

        var done = Command.of("/bin/sh", "-c", script).run();

        assertThat(done.stdout() + done.stderr()).isEmpty();
        assertThat(done.exitCode()).isZero();
        assertThat(folder.resolve("%N.stopping")).exists();
    }

    @Test
    void specifiersOfAHandWrittenUnitAreResolved() throws Exception {
        var file = UnitFile.parse("web.service", "[X-Container]\nImage=%p\nEnvironment=ME=%n\n");

        var spec = ContainerSpec.of(new UnitName("web.service"), file);

        assertThat(spec.image()).hasToString("web");
        assertThat(spec.environment()).containsExactly("ME=web.service");
    }

    @Test
    void whatCannotBeIsRefusedNamingIt() {
        refused("Imag=busybox", "no Imag", "Image, Command");
        refused("", "Image= is missing");
        refused("Image=Busy Box", "'Busy Box'");
        refused("Image=x\nCommand=sleep 5", "JSON array", "sleep 5");
        refused("Image=x\nVolume=srv:/data", "srv:/data", "absolute");
        refused("Image=x\nVolume=/srv:/", "'/srv:/'");
        refused("Image=x\nVolume=/srv/../etc:/data", "absolute");
        refused("Image=x\nVolume=/srv:/data:rw", "HOST:CONTAINER:ro");
        refused("Image=x\nPublish=80", "'80'", "8080:80");
        refused("Image=x\nPublish=80:70000", "65535");
        refused("Image=x\nEnvironment=1A=b", "NAME=VALUE");
    }

    @Test
    void containersHaveNamesThatUnitsCanHave() {
        assertThat(new ContainerName("web-1").unit()).isEqualTo("web-1.service");
        assertThat(ContainerName.ofUnit("web.service")).hasToString("web");
        for (String bad : List.of("", "-a", "a/b", "a@", "a@b@c", "a.service", "x".repeat(65))) {
            assertThatThrownBy(() -> new ContainerName(bad)).hasMessageContaining("64 letters");
        }
        assertThatThrownBy(() -> ContainerName.ofUnit("web.socket"))
                .hasMessageContaining("no service");
    }

    @Test
    void containersOfOneNameOnSeveralHostsHaveUnitsOfTheirOwn() throws Exception {
        var name = ContainerName.ofHost("web", "0c5f2a19aaaabbbb");

        assertThat(name.unit()).isEqualTo("web@0c5f2a19.service");
        assertThat(name.isOfHost("0c5f2a19aaaabbbb")).isTrue();
        assertThat(new ContainerName("web").isOfHost("0c5f2a19aaaabbbb")).isFalse();
        assertThat(name.base()).isEqualTo("web");
        assertThat(name.runtimeId()).isEqualTo("web+0c5f2a19");
        assertThat(unit(name, WEB).file().serialize())
                .contains("/run/skerry/containers/%N/pid %p+%i\n", "delete --force %p+%i\n")
                .contains("Slice=system.slice\n");
        assertThat(ContainerName.canBeOf("web@.service")).isFalse();
        assertThat(ContainerName.canBeOf("web.socket")).isFalse();
    }

    @Test
    void containerOnDemandIsNeededByWhatTheSocketStarts() throws Exception {
        var container = unit(ContainerName.ofHost("web", "0c5f2a19aaaabbbb"), WEB);
        var units =
                new OnDemand(container, new PublishedPort(8080, 80, "tcp"), Duration.ofSeconds(60))
                        .files();

        assertThat(units.keySet())
                .containsExactly(
                        "web-proxy@0c5f2a19.socket",
                        "web-proxy@0c5f2a19.service",
                        "web@0c5f2a19.service");
        assertThat(text(units, "web-proxy@0c5f2a19.socket"))
                .contains("ListenStream=8080\n", "[X-Fleet]\nMachineID=abc\n")
                .contains("claim/8080; test $$? -ne 22")
                .as("stays when the container fails")
                .contains("TriggerLimitIntervalSec=0\n", "FlushPending=yes\n");
        assertThat(text(units, "web-proxy@0c5f2a19.service"))
                .contains("BindsTo=web@0c5f2a19.service\n", "--exit-idle-time=60s")
                .contains("$$(cat /run/skerry/containers/web@0c5f2a19/address):80")
                .contains("MachineOf=web-proxy@0c5f2a19.socket\n");
        assertThat(text(units, "web@0c5f2a19.service"))
                .contains("StopWhenUnneeded=yes\n", "MachineOf=web-proxy@0c5f2a19.socket\n")
                .doesNotContain("MachineID");
    }

    private static String text(Map<String, UnitFile> units, String name) {
        return Optional.ofNullable(units.get(name)).orElseThrow().serialize();
    }

    private static void refused(String lines, String... words) {
        assertThatThrownBy(() ->
                        ContainerSpec.of(
                                new UnitName("web.service"),
                                UnitFile.parse("web.service", "[X-Container]\n" + lines + "\n")))
                .isInstanceOf(ContainerException.class)
                .hasMessageContainingAll(words);
    }

    private static ContainerUnit unit(ContainerSpec spec) {
        return unit(new ContainerName("web"), spec);
    }

    private static ContainerUnit unit(ContainerName name, ContainerSpec spec) {
        return new ContainerUnit(
                name,
                spec,
                64 << 20,
                50,
                true,
                Duration.ofSeconds(10),
                List.of(new UnitOption("X-Fleet", "MachineID", "abc")));
    }
}
