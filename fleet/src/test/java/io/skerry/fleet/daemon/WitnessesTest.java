package io.skerry.fleet.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.BlockingHttp;
import io.skerry.fleet.api.Events;
import io.skerry.fleet.api.Peers;
import io.skerry.fleet.api.ServedApi;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WitnessesTest {
    private static final String NOWHERE = "3".repeat(32);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private ServedApi served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedApi();
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void tellWhetherTheStoreAnswersAnyOfThem() throws Exception {
        assertThat(asked(ServedApi.FIRST, ServedApi.SECOND, NOWHERE)).isTrue();
        Events.happen(served.registry(), "store away");
        assertThat(asked(ServedApi.FIRST, ServedApi.SECOND, NOWHERE)).isFalse();
    }

    @Test
    void areOthersThatAreThere() throws Exception {
        assertThat(asked(ServedApi.FIRST)).as("a host is no witness of itself").isFalse();
        assertThat(asked(ServedApi.FIRST, NOWHERE)).isFalse();
    }

    /** As the first of these hosts. */
    private boolean asked(String... ids) throws InterruptedException {
        Peers peers = machine -> new BlockingHttp(served.url(machine.id()), null, TIMEOUT);
        List<MachineState> machines = List.of(ids).stream().map(WitnessesTest::machine).toList();
        return new Witnesses(ids[0], () -> machines, peers, TIMEOUT).storeAnswersThem();
    }

    private static MachineState machine(String id) {
        return new MachineState(
                id, "10.0.0.1", new TreeMap<>(), "boot", "1", false, false, Resources.NONE);
    }
}
