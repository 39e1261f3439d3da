package io.skerry.fleet.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {
    private static UnitRequirements read(String unit, String... options)
            throws InvalidUnitException, UnitFileException {
        String text = "[Service]\nExecStart=/bin/true\n[X-Fleet]\n" + String.join("\n", options);
        return UnitRequirements.parse(
                new UnitName(unit), UnitFile.parse(unit, text.stripTrailing() + "\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "500m, 500, 500m",
        "1.5, 1500, 1.5",
        "2, 2000, 2",
        "0.001, 1, 1m",
        "1500m, 1500, 1.5",
        "100000, 100000000, 100000"
    })
    void readsCpuInProcessorsAndThousandths(String value, long millis, String shown)
            throws Exception {
        var request = read("a.service", "CPU=" + value).request();

        assertThat(request).isEqualTo(new Resources(millis, 0));
        assertThat(request.cpu()).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "256M, 268435456, 256M",
        "1.5G, 1610612736, 1.5G",
        "1024, 1024, 1K",
        "1000, 1000, 1000",
        "2t, 2199023255552, 2T",
        "1500M, 1572864000, 1.4G"
    })
    void readsMemoryInPowersOf1024(String value, long bytes, String shown) throws Exception {
        var request = read("a.service", "Memory=" + value).request();

        assertThat(request).isEqualTo(new Resources(0, bytes));
        assertThat(request.memory()).isEqualTo(shown);
    }

    @Test
    void sumsThatNoNumberHoldsAreTheLargestOne() throws Exception {
        var most = read("a.service", "CPU=100000", "Memory=1048576T").request();
        var capacity = new Resources(Long.MAX_VALUE - 1, Long.MAX_VALUE - 1);

        var taken = Resources.NONE;
        for (int i = 0; i < 9; i++) {
            taken = taken.plus(most);
        }

        assertThat(taken).isEqualTo(new Resources(900_000_000, Long.MAX_VALUE));
        assertThat(most.fitsInto(capacity, taken)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CPU=0",
                "CPU=-1",
                "CPU=lots",
                "CPU=1.2345",
                "CPU=0m",
                "CPU=100001",
                "CPU=1 2"
            })
    void refusesOtherAmountsOfCpuAndTellsWhatIsAllowed(String option) {
        assertThatThrownBy(() -> read("a.service", option))
                .isInstanceOf(InvalidUnitException.class)
                .hasMessageContaining(option + " is no number of processors, such as 2, 0.5 or");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Memory=0", "Memory=0.1", "Memory=1GB", "Memory=x", "Memory=9999999T"})
    void refusesOtherAmountsOfMemoryAndTellsWhatIsAllowed(String option) {
        assertThatThrownBy(() -> read("a.service", option))
                .isInstanceOf(InvalidUnitException.class)
                .hasMessageContaining(option + " is no number of bytes, such as 256M, 1.5G or");
    }

    @Test
    void spreadsInstancesOfATemplateByThemselves() throws Exception {
        Spread spread = requireNonNull(read("web@1.service", "Spread=zone").spread());

        assertThat(spread.key()).isEqualTo("zone");
        assertThat(spread.counts(new UnitName("web@27.service"))).isTrue();
        assertThat(spread.counts(new UnitName("web2@1.service"))).isFalse();
        assertThat(spread.counts(new UnitName("web@1.timer"))).isFalse();
    }

    @Test
    void spreadsOtherUnitsByPatterns() throws Exception {
        UnitRequirements db = read("db1.service", "Spread=rack db*.service cache.service");
        Spread spread = requireNonNull(db.spread());

        assertThat(spread.counts(new UnitName("db7.service"))).isTrue();
        assertThat(spread.counts(new UnitName("cache.service"))).isTrue();
        assertThat(spread.counts(new UnitName("web.service"))).isFalse();
    }

    @Test
    void refusesToSpreadNobodyKnowsWhat() {
        assertThatThrownBy(() -> read("a.service", "Spread=zone"))
                .isInstanceOf(InvalidUnitException.class)
                .hasMessageContaining("Spread=zone must go on with patterns");
        assertThatThrownBy(() -> read("a@1.service", "Spread=z/one"))
                .isInstanceOf(InvalidUnitException.class)
                .hasMessageContaining("Spread=z/one names no metadata key");
    }

    @Test
    void readsPrioritiesOfBothSigns() throws Exception {
        assertThat(read("a.service").priority()).isZero();
        assertThat(read("a.service", "Priority=1000").priority()).isEqualTo(1000);
        assertThat(read("a.service", "Priority=-5").priority()).isEqualTo(-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Priority=high", "Priority=1001", "Priority=1.5", "Priority=99999999"})
    void refusesOtherPriorities(String option) {
        assertThatThrownBy(() -> read("a.service", option))
                .isInstanceOf(InvalidUnitException.class)
                .hasMessageContaining(option + " is no whole number from -1000 to 1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Priority=1", "Spread=zone *"})
    void refusesForGlobalUnitsWhatOnlyPlacedOnesCanHave(String option) {
        assertThatThrownBy(() -> read("a.service", "Global=true", option))
                .isInstanceOf(InvalidUnitException.class)
                .hasMessageContaining("exclude each other");
    }

    @Test
    void emptyAmountTakesBackWhatWasAskedFor() throws Exception {
        assertThat(read("a.service", "CPU=1", "CPU=", "Memory=1G", "Memory=").request())
                .isEqualTo(Resources.NONE);
    }
}
