package io.skerry.fleet.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.MachineState;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastKnownTest {
    private static final List<URI> CONFIGURED = List.of(URI.create("http://127.0.0.1:2379"));
    private static final List<URI> LEARNED =
            List.of(URI.create("http://10.0.0.1:2379"), URI.create("http://10.0.0.2:2379"));
    private static final List<MachineState> MACHINES =
            List.of(WitnessesTest.machine("a".repeat(32)), WitnessesTest.machine("b".repeat(32)));

    @TempDir Path folder;

    @Test
    void isThereForTheNextProcessOfTheHost() throws Exception {
        Path file = folder.resolve("known");
        var first = new LastKnown(file, CONFIGURED);
        assertThat(first.members()).isEqualTo(CONFIGURED);
        assertThat(first.machines()).isEmpty();

        first.members(LEARNED);
        first.machines(MACHINES);
        first.machines(List.of()); // what an engine says that has heard nothing yet

        var next = new LastKnown(file, CONFIGURED);
        assertThat(next.members()).isEqualTo(LEARNED);
        assertThat(next.machines()).isEqualTo(MACHINES);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void isWhatIsConfiguredWhenItCannotBeRead() throws Exception {
        Path file = Files.writeString(folder.resolve("known"), "machine {\nmember http://[x\n");

        var known = new LastKnown(file, CONFIGURED);

        assertThat(known.members()).isEqualTo(CONFIGURED);
        assertThat(known.machines()).isEmpty();
    }
}
