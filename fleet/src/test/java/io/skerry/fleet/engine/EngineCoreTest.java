package io.skerry.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Order;
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
        var file = UnitFile.parse(WEB.value(), "[Service]\nExecStart=/bin/true\n");
        core.load(
                List.of(
                        new Entry(keys.engineLeader(), "m1", 1, 1, LEASE),
                        new Entry(keys.machine("m1"), machine(Resources.NONE), 2, 2, LEASE),
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

    @Test
    void roomThatIsMadeForAUnitOfALostMachineIsTakenByNoLesserOneMeanwhile() throws Exception {
        var high = new UnitName("high.service");
        var low = new UnitName("low.service");
        var late = new UnitName("late.service");
        var launch = Codec.encode(new Order(Order.Duty.LAUNCH, ""));
        core.load(
                List.of(
                        new Entry(keys.engineLeader(), "m1", 1, 1, LEASE),
                        new Entry(keys.machine("m1"), machine(new Resources(4000, 0)), 2, 2, LEASE),
                        object(high, "CPU=3", "Priority=5"),
                        new Entry(keys.targetState(high), "launched", 4, 4, 0),
                        new Entry(keys.target(high), "lost", 5, 5, 0),
                        new Entry(keys.schedule("lost", high), launch, 5, 5, 0),
                        object(low, "CPU=2"),
                        new Entry(keys.targetState(low), "launched", 4, 4, 0),
                        new Entry(keys.target(low), "m1", 5, 5, 0),
                        new Entry(keys.schedule("m1", low), launch, 5, 5, 0),
                        object(late, "CPU=2")),
                NOW);
        core.lease(LEASE);
        for (int i = 1; i <= 10; i++) {
            core.storeAnswered(NOW.plusSeconds(i), NOW.plusSeconds(i));
        }
        Duration now = NOW.plusSeconds(10);

        Proposal room = core.propose(now).getFirst();
        assertThat(room.decisions())
                .containsExactly(new Decision.Release(low, "m1", Decision.Cause.DISPLACED));
        core.committed(room, 6);
        assertThat(core.propose(now)).isEmpty();

        var wanted = new Entry(keys.targetState(late), "launched", 7, 7, 0);
        core.apply(List.of(new Change.Written(wanted)), now);
        assertThat(core.propose(now)).isEmpty();

        core.apply(List.of(new Change.Deleted(keys.schedule("m1", low), 8)), now);
        assertThat(core.propose(now).getFirst().decisions())
                .containsExactly(new Decision.Evict(high, "lost", "m1"));
    }

    private Entry object(UnitName unit, String... fleetOptions) throws Exception {
        var text =
                "[Service]\nExecStart=/bin/true\n[X-Fleet]\n"
                        + String.join("\n", fleetOptions)
                        + "\n";
        var file = UnitFile.parse(unit.value(), text);
        return new Entry(keys.object(unit), Codec.encodeJob(unit, file, null), 3, 3, 0);
    }

    private static String machine(Resources capacity) {
        return Codec.encode(
                new MachineState(
                        "m1", "10.0.0.1", new TreeMap<>(), "boot", "1", false, false, capacity));
    }
}
