package io.skerry.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.Keys;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class EngineCoreTest {
    private static final UnitName WEB = new UnitName("web.service");
    private static final long LEASE = 7;
    private static final Duration NOW = Duration.ofSeconds(1);

    private final Keys keys = new Keys("/fleet/");
    private final AtomicBoolean broken = new AtomicBoolean();
    private final EngineCore core =
            new EngineCore(
                    "m1",
                    keys,
                    Duration.ofSeconds(10),
                    Duration.ZERO,
                    (view, look) -> {
                        if (broken.get()) {
                            throw new IllegalStateException("a bug");
                        }
                        return Scheduler.decide(view, look);
                    });

    @Test
    void whatWasToBeLookedAtWhenADecisionBrokeIsLookedAtAgain() throws Exception {
        var machine =
                new MachineState(
                        "m1",
                        "10.0.0.1",
                        new TreeMap<>(),
                        "boot",
                        "1",
                        false,
                        false,
                        Resources.NONE);
        var file = UnitFile.parse(WEB.value(), "[Service]\nExecStart=/bin/true\n");
        core.load(
                List.of(
                        new Entry(keys.engineLeader(), "m1", 1, 1, LEASE),
                        new Entry(keys.machine("m1"), Codec.encode(machine), 2, 2, LEASE),
                        new Entry(keys.object(WEB), Codec.encodeJob(WEB, file, null), 3, 3, 0),
                        new Entry(keys.targetState(WEB), "launched", 4, 4, 0)),
                NOW);
        core.lease(LEASE);

        broken.set(true);
        assertThatThrownBy(() -> core.propose(NOW)).hasMessage("a bug");
        broken.set(false);

        assertThat(core.wakeAt(NOW)).contains(NOW);
        assertThat(core.propose(NOW).getFirst().decisions())
                .containsExactly(new Decision.Place(WEB, "m1"));
    }
}
