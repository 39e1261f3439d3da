package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalUnitTest {
    @TempDir Path directory;

    @Test
    void faultsOfFormAndOfMeaningAreToldTogetherInTheOrderOfTheirLines() throws Exception {
        assertThat(
                        faults(
                                """
                                [Servic]
                                ExecStart=/bin/true
                                NoEquals
                                [X-Fleet]
                                MachineMetadata=region=here
                                MachineMetadata=nowhere
                                Conflict=x.service
                                Global=maybe
                                """))
                .isEqualTo(
                        """
                        web.service:1: [Servic] unknown section; did you mean [Service]?
                        web.service:3: [Servic] 'NoEquals' has no '='; write Name=value
                        web.service:6: [X-Fleet] MachineMetadata=nowhere must have the form key=value
                        web.service:7: [X-Fleet] unknown option Conflict=; did you mean Conflicts=?
                        web.service:8: [X-Fleet] Global=maybe is neither true nor false\
                        """
                                .strip());
    }

    @Test
    void fileWithoutOptionsIsNoUnit() throws Exception {
        assertThat(faults("# nothing yet\n"))
                .isEqualTo("web.service:1: there is no option in it; a unit needs one at least");
    }

    private String faults(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("web.service"), text);
        UnitName name = UnitName.parse("web.service").orElseThrow();
        var refused = catchThrowableOfType(CtlException.class, () -> LocalUnit.read(file, name));
        return String.valueOf(refused.getMessage());
    }
}
