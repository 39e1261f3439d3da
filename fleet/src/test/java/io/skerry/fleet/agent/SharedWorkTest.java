package io.skerry.fleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.CountingStore;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.KeyRange;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Listing;
import io.skerry.fleet.store.MemoryStore;
import io.skerry.fleet.store.Order;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What many units that change together cost the store and systemd. */
class SharedWorkTest {
    private static final int UNITS = 40;
    private static final UnitName FIRST = new UnitName("first.service");

    private final Keys keys = new Keys("/fleet/");
    private final ArrayDeque<Runnable> background = new ArrayDeque<>();

    @Test
    void actionsThatEndDuringALookShareTheNext() {
        List<Set<UnitName>> looks = new ArrayList<>();
        Set<UnitName> done = new TreeSet<>();
        var shared =
                new SharedLook(
                        (units, then) -> {
                            looks.add(Set.copyOf(units));
                            then.run();
                        },
                        Runnable::run,
                        background::add);

        ask(shared, FIRST, done);
        shared.act();
        for (int i = 0; i < UNITS; i++) {
            ask(shared, new UnitName("u" + i + ".service"), done);
            shared.act();
        }
        assertThat(background).hasSize(1);
        runAll(shared::act);

        assertThat(looks).hasSize(2);
        assertThat(looks.getFirst()).containsExactly(FIRST);
        assertThat(looks.getLast()).hasSize(UNITS).doesNotContain(FIRST);
        assertThat(done).hasSize(UNITS + 1);
    }

    @Test
    void aLookThatBreaksKeepsNoUnitBusyAndHoldsUpNoOther() {
        Set<UnitName> done = new TreeSet<>();
        var broken = new AtomicBoolean(true);
        var shared =
                new SharedLook(
                        (units, then) -> {
                            if (broken.getAndSet(false)) {
                                throw new IllegalStateException("a bug");
                            }
                            then.run();
                        },
                        Runnable::run,
                        background::add);
        ask(shared, FIRST, done);
        shared.act();
        ask(shared, new UnitName("second.service"), done);

        runAll(shared::act);

        assertThat(done).hasSize(2);
    }

    @Test
    void aReadOfFilesThatBreaksIsRepeated() throws Exception {
        var core = core();
        var file = UnitFile.parse(FIRST.value(), "[Service]\nExecStart=/bin/true\n");
        var order = Codec.encode(new Order(Order.Duty.LAUNCH, file.sha1Hash()));
        core.orders(List.of(new Entry(keys.schedule("m1", FIRST), order, 1, 1, 0)));
        var store = new MemoryStore();
        var put = new Write.Put(keys.unitFile(file.sha1Hash()), Codec.encode(file));
        store.commit(new StoreTxn(List.of(), List.of(put)), 0);
        var broken = new AtomicBoolean(true);
        var breaking =
                new CountingStore(store) {
                    @Override
                    public Listing list(List<KeyRange> ranges) throws RegistryException {
                        if (broken.getAndSet(false)) {
                            throw new IllegalStateException("a bug");
                        }
                        return super.list(ranges);
                    }
                };
        var files = new FileFetcher(core, breaking, keys, Runnable::run, background::add);

        files.act();
        runAll(files::act);

        assertThat(core.missingFiles()).isEmpty();
    }

    @Test
    void filesOrderedTogetherAreReadTogether() throws Exception {
        var store = new CountingStore(new MemoryStore());
        var core = core();
        var orders = new ArrayList<Entry>();
        for (int i = 0; i < UNITS; i++) {
            var unit = new UnitName("u" + i + ".service");
            var file = UnitFile.parse(unit.value(), "[Service]\nExecStart=/bin/true " + i + "\n");
            var put = new Write.Put(keys.unitFile(file.sha1Hash()), Codec.encode(file));
            store.commit(new StoreTxn(List.of(), List.of(put)), 0);
            var order = Codec.encode(new Order(Order.Duty.LAUNCH, file.sha1Hash()));
            orders.add(new Entry(keys.schedule("m1", unit), order, 1, 1, 0));
        }
        core.orders(orders);
        store.takeRoundTrips();
        var files = new FileFetcher(core, store, keys, Runnable::run, background::add);

        files.act();
        runAll(files::act);

        assertThat(core.missingFiles()).isEmpty();
        assertThat(store.takeRoundTrips()).isEqualTo(1);
        assertThat(core.decide(Duration.ZERO)).hasSize(2 * UNITS); // each is loaded and started
    }

    @Test
    void unitsUnloadedWithinAMomentShareAReload() {
        var reload = new LateReload();
        Duration begun = Duration.ofSeconds(100);
        assertThat(reload.in(begun)).isEmpty();

        reload.ask(begun);
        reload.ask(begun.plusMillis(700));

        assertThat(reload.in(begun.plusMillis(700)))
                .contains(LateReload.MOMENT.minus(Duration.ofMillis(700)));
        assertThat(reload.take(begun.plusMillis(700))).isFalse();
        assertThat(reload.take(begun.plus(LateReload.MOMENT))).isTrue();
        assertThat(reload.take(begun.plus(LateReload.MOMENT))).isFalse();
        assertThat(reload.in(begun.plus(LateReload.MOMENT))).isEmpty();
    }

    @Test
    void unitsGivenBackTogetherAreToldTogether() throws Exception {
        var store = new MemoryStore();
        var core = core();
        for (int i = 0; i < 2 * Answers.A_TXN; i++) {
            var order = Codec.encode(new Order(Order.Duty.UNLOAD, ""));
            var unit = new UnitName("u" + i + ".service");
            var put = new Write.Put(keys.schedule("m1", unit), order);
            store.commit(new StoreTxn(List.of(), List.of(put)), 0);
        }
        var placed = KeyRange.under(keys.schedule("m1"));
        core.orders(store.list(List.of(placed)).entries());

        int commits = 0;
        while (!core.releases().isEmpty()) {
            List<AgentCore.Answer> batch = Answers.batch(core.releases(), core.progress());
            assertThat(store.commit(Answers.together(batch), 0).held()).isTrue();
            batch.forEach(core::answered);
            commits++;
        }

        assertThat(commits).isEqualTo(2);
        assertThat(store.list(List.of(placed)).entries()).isEmpty();
    }

    private static void ask(SharedLook look, UnitName unit, Set<UnitName> done) {
        look.ask(unit, () -> done.add(unit));
    }

    /** What was begun, with the loop's turn after each. */
    private void runAll(Runnable turn) {
        for (Runnable work = background.poll(); work != null; work = background.poll()) {
            work.run();
            turn.run();
        }
    }

    private AgentCore core() {
        return new AgentCore(
                new MachineState(
                        "m1",
                        "10.0.0.1",
                        new TreeMap<>(),
                        "boot",
                        "1.0",
                        false,
                        false,
                        Resources.NONE),
                keys);
    }
}
