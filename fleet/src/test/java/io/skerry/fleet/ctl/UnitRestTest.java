package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.api.Events;
import io.skerry.fleet.api.ServedApi;
import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import io.skerry.fleet.api.schema.WatchEvent.UnitChanged;
import io.skerry.fleet.model.Resources;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnitRestTest {
    private ServedApi served;
    private Duration now = Duration.ofSeconds(5);

    @BeforeEach
    void serve() throws IOException {
        served = new ServedApi();
        happen("machine " + ServedApi.FIRST + " 10.0.0.1");
        happen("unit job.service launched");
        happen("place job.service " + ServedApi.FIRST);
        happen("state job.service " + ServedApi.FIRST + " loaded active running");
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void isAwaitedWhileTheUnitIsAtWork() throws Exception {
        var rest = await();
        happen("state job.service " + ServedApi.FIRST + " loaded deactivating stop");
        assertThat(rest).isNotDone();
        happen("state job.service " + ServedApi.FIRST + " loaded failed failed");
        assertThat(rest.get(60, TimeUnit.SECONDS)).isEqualTo("rests");
    }

    @Test
    void doesNotComeToAUnitThatIsDestroyed() throws Exception {
        var rest = await();
        happen("destroy job.service");
        assertThat(rest.get(60, TimeUnit.SECONDS))
                .isEqualTo("unit job.service was destroyed meanwhile");
    }

    @Test
    void doesNotComeToAUnitThatHasLostItsMachine() throws Exception {
        var rest = await();
        happen("unplace job.service");
        assertThat(rest.get(60, TimeUnit.SECONDS))
                .isEqualTo("unit job.service has lost its machine: about to be placed");
    }

    @Test
    void isNotTakenForTheLapseOfALease() {
        var seen = new ClusterMirror();
        var rest = new UnitRest("job.service", () -> now);
        runsAndIsLost(seen, rest);

        now = now.plus(UnitRest.LONGEST_ABSENCE).minusNanos(1);
        rest.look(seen);
        assertThat(rest.content()).isFalse();

        seen.apply(machine());
        rest.look(seen);
        now = now.plus(UnitRest.LONGEST_ABSENCE);
        rest.look(seen);
        assertThat(rest.content()).isFalse();
        assertThat(rest.nextLook()).isNull();

        seen.apply(state("inactive"));
        rest.look(seen);
        assertThat(rest.content()).isTrue();
    }

    @Test
    void isNotAwaitedForEverOfAMachineThatIsGone() {
        var seen = new ClusterMirror();
        var rest = new UnitRest("job.service", () -> now);
        runsAndIsLost(seen, rest);
        assertThat(rest.nextLook()).isEqualTo(UnitRest.LONGEST_ABSENCE);

        now = now.plus(UnitRest.LONGEST_ABSENCE);
        rest.look(seen);

        assertThat(rest.content()).isTrue();
    }

    private static void runsAndIsLost(ClusterMirror seen, UnitRest rest) {
        seen.apply(machine());
        seen.apply(new UnitChanged("job.service", "h", "launched", "launched", "m1", false, ""));
        seen.apply(state("active"));
        seen.apply(new WatchEvent.Synced());
        rest.look(seen);
        assertThat(rest.content()).isFalse();
        assertThat(rest.nextLook()).isNull();

        seen.apply(new WatchEvent.StateGone("job.service", "m1"));
        seen.apply(new WatchEvent.MachineGone("m1"));
        rest.look(seen);
        assertThat(rest.content()).isFalse();
    }

    private static WatchEvent machine() {
        return new WatchEvent.MachineChanged(
                new Machine("m1", Map.of(), "", "", Resources.NONE, Resources.NONE));
    }

    private static WatchEvent state(String active) {
        return new WatchEvent.StateChanged(
                new UnitStateEntity("job.service", "h", "m1", "loaded", active, "some"));
    }

    private CompletableFuture<String> await() {
        var endpoints = new Endpoints(List.of(served.url(ServedApi.FIRST)), null);
        return CompletableFuture.supplyAsync(() -> {
            try {
                UnitRest.await(endpoints, "job.service");
                return "rests";
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void happen(String words) {
        Events.happen(served.registry(), words);
    }
}
