package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.api.Events;
import io.skerry.fleet.api.ServedApi;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import io.skerry.fleet.api.schema.WatchEvent.UnitChanged;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnitRestTest {
    private ServedApi served;

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
        var rest = new UnitRest("job.service");
        seen.apply(new UnitChanged("job.service", "h", "launched", "launched", "m1", false, ""));
        seen.apply(state("active"));
        seen.apply(new WatchEvent.Synced());
        rest.look(seen);
        assertThat(rest.content()).isFalse();

        seen.apply(new WatchEvent.StateGone("job.service", "m1"));
        seen.apply(new WatchEvent.MachineGone("m1"));
        rest.look(seen);
        assertThat(rest.content()).isFalse();

        seen.apply(state("inactive"));
        rest.look(seen);
        assertThat(rest.content()).isTrue();
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
