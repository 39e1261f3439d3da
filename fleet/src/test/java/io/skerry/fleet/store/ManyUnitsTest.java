package io.skerry.fleet.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.store.Registry.Brought;
import io.skerry.fleet.store.Registry.Wish;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What many units at once cost the store, and that each gets its own nevertheless. */
class ManyUnitsTest {
    private static final int UNITS = 100;

    private final Keys keys = new Keys("/fleet/");
    private final MemoryStore data = new MemoryStore();
    private final CountingStore store = new CountingStore(data);
    private final StoreRegistry registry = new StoreRegistry(store, keys);

    @Test
    void aHundredNewUnitsCostSixRoundTrips() throws Exception {
        assertThat(registry.bring(launched(names()))).isEqualTo(new Brought.All());

        // Six guards each, and 128 in a transaction.
        assertThat(store.takeRoundTrips()).isLessThanOrEqualTo(6);
        assertThat(registry.units())
                .hasSize(UNITS)
                .allMatch(unit -> unit.targetState() == TargetState.LAUNCHED);
    }

    @Test
    void aHundredPlacedUnitsAreDestroyedInTenRoundTripsAndTheirMachineToldToUnloadThem()
            throws Exception {
        registry.bring(launched(names()));
        place(names());
        store.takeRoundTrips();
        var asked = new ArrayList<>(names());
        asked.add(new UnitName("none.service"));

        assertThat(registry.destroyAll(asked)).containsExactly(new UnitName("none.service"));

        assertThat(store.takeRoundTrips()).isLessThanOrEqualTo(10);
        assertThat(registry.units()).isEmpty();
        for (UnitName name : names()) {
            assertThat(order(name).duty()).isEqualTo(Order.Duty.UNLOAD);
            assertThat(data.get(keys.target(name))).isEmpty();
        }
    }

    @Test
    void aHundredPlacedUnitsAreStoppedTogether() throws Exception {
        registry.bring(launched(names()));
        place(names());
        store.takeRoundTrips();

        assertThat(registry.bring(stopped())).isEqualTo(new Brought.All());

        assertThat(store.takeRoundTrips()).isLessThanOrEqualTo(14);
        for (UnitName name : names()) {
            assertThat(order(name).duty()).isEqualTo(Order.Duty.LOAD);
        }
    }

    @Test
    void oneThatIsUnknownMeansThatNoneIsStopped() throws Exception {
        registry.bring(launched(names()));
        place(names());
        long before = data.revision();
        var wishes = new ArrayList<>(stopped());
        var unknown = new UnitName("none.service");
        wishes.add(50, new Wish(unknown, null, TargetState.LOADED));

        assertThat(registry.bring(wishes)).isEqualTo(new Brought.Unknown(List.of(unknown)));

        assertThat(data.revision()).isEqualTo(before);
    }

    @Test
    void oneThatIsDestroyedMeanwhileIsToldAndTheOthersAreStopped() throws Exception {
        registry.bring(launched(names()));
        place(names());
        UnitName gone = names().get(30);
        var others = new StoreRegistry(data, keys);
        var interrupted = new InterruptedStore(data, Map.of(1, () -> others.destroy(gone)));
        var meanwhile = new StoreRegistry(interrupted, keys);

        assertThat(meanwhile.bring(stopped())).isEqualTo(new Brought.AllBut(Set.of(gone)));

        assertThat(registry.unit(gone)).isEmpty();
        assertThat(order(gone).duty()).isEqualTo(Order.Duty.UNLOAD);
        for (UnitName name : names()) {
            if (!name.equals(gone)) {
                assertThat(order(name).duty()).as("%s", name).isEqualTo(Order.Duty.LOAD);
            }
        }
    }

    @Test
    void unitsThatOthersChangeAllTheTimeAreChangedOneByOne() throws Exception {
        registry.bring(launched(names().subList(0, 4)));
        UnitName gone = names().getFirst();
        UnitName stopped = names().get(1);
        var others = new StoreRegistry(data, keys);
        var interrupted =
                new InterruptedStore(
                        data,
                        Map.of(
                                1, () -> others.setTargetState(stopped, TargetState.LOADED),
                                2, () -> others.destroy(gone)));

        assertThat(new StoreRegistry(interrupted, keys).bring(stopped().subList(0, 4)))
                .isEqualTo(new Brought.AllBut(Set.of(gone)));

        assertThat(registry.units())
                .hasSize(3)
                .allMatch(unit -> unit.targetState() == TargetState.LOADED);
    }

    @Test
    void aUnitThatIsThereAlreadyHoldsUpNoOtherAndGetsItsFile() throws Exception {
        var known = names().getFirst();
        registry.submit(known, file(known, "/bin/false"), TargetState.INACTIVE, false);

        assertThat(registry.bring(launched(names()))).isEqualTo(new Brought.All());

        for (UnitName name : names()) {
            Unit unit = registry.unit(name).orElseThrow();
            assertThat(unit.file()).isEqualTo(file(name, "/bin/true"));
            assertThat(unit.targetState()).isEqualTo(TargetState.LAUNCHED);
        }
    }

    @Test
    void aHundredUnitsThatAreThereAlreadyAreReadTogetherAndNothingIsWritten() throws Exception {
        registry.bring(launched(names()));
        place(names());
        long before = data.revision();
        store.takeRoundTrips();

        assertThat(registry.bring(launched(names()))).isEqualTo(new Brought.All());

        // Five that were refused, three for the units, three for their orders.
        assertThat(store.takeRoundTrips()).isLessThanOrEqualTo(11);
        assertThat(data.revision()).isEqualTo(before);
    }

    @Test
    void aHundredUnitsThatAreThereGetOtherFilesTogether() throws Exception {
        registry.bring(launched(names()));
        place(names());
        store.takeRoundTrips();

        assertThat(registry.bring(launched(names(), "/bin/false"))).isEqualTo(new Brought.All());

        assertThat(store.takeRoundTrips()).isLessThanOrEqualTo(17);
        for (UnitName name : names()) {
            UnitFile file = file(name, "/bin/false");
            assertThat(registry.unit(name).orElseThrow().file()).isEqualTo(file);
            assertThat(order(name)).isEqualTo(new Order(Order.Duty.LAUNCH, file.sha1Hash()));
        }
    }

    @Test
    void oneThatCannotBeHonouredMeansThatNoneIsStored() throws Exception {
        var wishes = new ArrayList<>(launched(names()));
        var template = new UnitName("t@.service");
        wishes.add(new Wish(template, file(template, "/bin/true"), TargetState.LAUNCHED));

        assertThatThrownBy(() -> registry.bring(wishes)).isInstanceOf(InvalidUnitException.class);

        assertThat(registry.units()).isEmpty();
    }

    @Test
    void largeUnitFilesGoInTransactionsThatTheStoreTakes() throws Exception {
        var wishes = new ArrayList<Wish>();
        for (UnitName name : names().subList(0, 10)) {
            UnitFile large = file(name, "/bin/echo " + name + "x".repeat(300_000));
            wishes.add(new Wish(name, large, TargetState.INACTIVE));
        }

        registry.bring(wishes);

        // Three of them are 0.9 MB.
        assertThat(store.takeRoundTrips()).isEqualTo(4);
    }

    @Test
    void unitsAreFoundByTheirNames() throws Exception {
        registry.bring(launched(names()));
        List<UnitName> asked = new ArrayList<>(names().subList(40, 90));
        asked.add(new UnitName("none.service"));
        store.takeRoundTrips();

        assertThat(registry.units(asked))
                .extracting(Unit::name)
                .containsExactlyInAnyOrderElementsOf(names().subList(40, 90));
        assertThat(registry.states(asked)).isEmpty();
        assertThat(store.takeRoundTrips()).isLessThanOrEqualTo(5);
    }

    /** Somebody else changes something before some of the transactions, counted from 1. */
    private static final class InterruptedStore extends CountingStore {
        private final Map<Integer, Callable<?>> changes;
        private int transactions;

        InterruptedStore(FleetStore store, Map<Integer, Callable<?>> changes) {
            super(store);
            this.changes = changes;
        }

        @Override
        public Optional<Listing> commitOrList(StoreTxn txn, List<KeyRange> otherwise)
                throws RegistryException {
            Callable<?> change = changes.get(++transactions);
            if (change != null) {
                assertThatCode(change::call).doesNotThrowAnyException();
            }
            return super.commitOrList(txn, otherwise);
        }
    }

    private static List<UnitName> names() {
        return IntStream.range(0, UNITS).mapToObj(i -> new UnitName("u" + i + ".service")).toList();
    }

    private static List<Wish> stopped() {
        return names().stream().map(name -> new Wish(name, null, TargetState.LOADED)).toList();
    }

    private static List<Wish> launched(List<UnitName> names) throws Exception {
        return launched(names, "/bin/true");
    }

    private static List<Wish> launched(List<UnitName> names, String command) throws Exception {
        var wishes = new ArrayList<Wish>();
        for (UnitName name : names) {
            wishes.add(new Wish(name, file(name, command), TargetState.LAUNCHED));
        }
        return wishes;
    }

    /** As an engine does, in one transaction for a unit's place and its machine's order. */
    private void place(List<UnitName> names) throws Exception {
        for (UnitName name : names) {
            String hash = registry.unit(name).orElseThrow().hash();
            var order = Codec.encode(new Order(Order.Duty.LAUNCH, hash));
            var writes =
                    List.<Write>of(
                            new Write.Put(keys.target(name), "m1"),
                            new Write.Put(keys.schedule("m1", name), order));
            data.commit(new StoreTxn(List.of(), writes), 0);
        }
    }

    private Order order(UnitName name) throws Exception {
        return Codec.order(data.get(keys.schedule("m1", name)).orElseThrow());
    }

    private static UnitFile file(UnitName name, String command) throws Exception {
        return UnitFile.parse(name.value(), "[Service]\nExecStart=" + command + "\n");
    }
}
