package io.skerry.fleet.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.Placement;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a submitted unit costs the store, and that the cheap way loses nobody's word. */
class StoreRegistryTest {
    private static final UnitName WEB = new UnitName("web.service");

    private final Keys keys = new Keys("/fleet/");
    private final MemoryStore data = new MemoryStore();
    private final CountingStore store = new CountingStore(data);
    private final StoreRegistry registry = new StoreRegistry(store, keys);

    @Test
    void aDestroyWhoseFirstAnswerWasLostIsNoMistake() throws Exception {
        var lossy =
                new CountingStore(data) {
                    @Override
                    public Optional<Listing> commitOrList(StoreTxn txn, List<KeyRange> otherwise)
                            throws RegistryException {
                        var _ = super.commitOrList(txn, otherwise);
                        return super.commitOrList(txn, otherwise);
                    }
                };
        var file = UnitFile.parse(WEB.value(), "[Service]\nExecStart=/bin/true\n");
        registry.submit(WEB, file, TargetState.INACTIVE, false);

        assertThat(new StoreRegistry(lossy, keys).destroy(WEB)).isTrue();
        assertThat(new StoreRegistry(lossy, keys).destroy(WEB)).isFalse();
    }

    @Test
    void aNewUnitCostsOneRoundTrip() throws Exception {
        for (int i = 0; i < 100; i++) {
            var outcome =
                    registry.submit(
                            new UnitName("u" + i + ".service"),
                            file("/bin/true " + i),
                            TargetState.LAUNCHED,
                            true);
            assertThat(outcome).isEqualTo(SubmitOutcome.CREATED);
        }

        assertThat(store.takeRoundTrips()).isEqualTo(100);
        assertThat(registry.units()).hasSize(100);
    }

    @Test
    void aUnitSaidAgainIsFoundUnchangedInOneRoundTrip() throws Exception {
        submit(file("/bin/true"), TargetState.LAUNCHED, true);
        store.takeRoundTrips();
        long revision = data.revision();

        var outcome = submit(file("/bin/true"), TargetState.LAUNCHED, true);

        assertThat(outcome).isEqualTo(SubmitOutcome.UNCHANGED);
        assertThat(store.takeRoundTrips()).isEqualTo(1);
        assertThat(data.revision()).isEqualTo(revision);
    }

    @Test
    void aUnitThatIsThereIsNotReplacedUnlessThatIsAskedFor() throws Exception {
        submit(file("/bin/true"), TargetState.LAUNCHED, true);

        assertThat(submit(file("/bin/false"), TargetState.INACTIVE, false))
                .isEqualTo(SubmitOutcome.DIFFERS);
        assertThat(web().file()).isEqualTo(file("/bin/true"));
        assertThat(web().targetState()).isEqualTo(TargetState.LAUNCHED);

        assertThat(submit(file("/bin/false"), TargetState.LAUNCHED, true))
                .isEqualTo(SubmitOutcome.REPLACED);
        assertThat(web().file()).isEqualTo(file("/bin/false"));
    }

    @Test
    void aPlacedUnitKeepsItsPlaceWhenItIsReplaced() throws Exception {
        submitAndPlace(file("/bin/true"));
        long generation = data.get(keys.target(WEB)).orElseThrow().modRevision();

        UnitFile after = file("/bin/false");
        assertThat(submit(after, TargetState.LAUNCHED, true)).isEqualTo(SubmitOutcome.REPLACED);

        assertThat(web().placement()).isEqualTo(new Placement("m1", generation));
        assertThat(orderOnItsMachine().hash()).isEqualTo(after.sha1Hash());
    }

    @Test
    void aPlacedUnitIsDestroyedInTwoRoundTripsAndItsMachineToldToUnloadIt() throws Exception {
        submitAndPlace(file("/bin/true"));
        progress();
        store.takeRoundTrips();

        assertThat(registry.destroy(WEB)).isTrue();

        assertThat(store.takeRoundTrips()).isEqualTo(2);
        assertThat(registry.unit(WEB)).isEmpty();
        assertThat(orderOnItsMachine().duty()).isEqualTo(Order.Duty.UNLOAD);
        assertThat(data.get(keys.target(WEB))).isEmpty();
    }

    @Test
    void aUnitWhoseMachineHasNoOrderOfItIsDestroyedWithoutGivingItOne() throws Exception {
        submitAndPlace(file("/bin/true"));
        var gone = new Write.Delete(keys.schedule("m1", WEB));
        data.commit(new StoreTxn(List.of(), List.of(gone)), 0);

        assertThat(registry.destroy(WEB)).isTrue();

        assertThat(registry.unit(WEB)).isEmpty();
        assertThat(data.get(keys.schedule("m1", WEB))).isEmpty();
        assertThat(registry.destroy(WEB)).isFalse();
    }

    private void submitAndPlace(UnitFile file) throws Exception {
        submit(file, TargetState.LAUNCHED, true);
        var place = new Write.Put(keys.target(WEB), "m1");
        data.commit(new StoreTxn(List.of(), List.of(place, launch(file))), 0);
    }

    /** The machine has told something of the order meanwhile. */
    private void progress() throws Exception {
        data.commit(new StoreTxn(List.of(), List.of(launch(web().file()))), 0);
    }

    private Write launch(UnitFile file) {
        var order = new Order(Order.Duty.LAUNCH, file.sha1Hash());
        return new Write.Put(keys.schedule("m1", WEB), Codec.encode(order));
    }

    private Order orderOnItsMachine() throws Exception {
        return Codec.order(data.get(keys.schedule("m1", WEB)).orElseThrow());
    }

    private SubmitOutcome submit(UnitFile file, TargetState target, boolean replace)
            throws Exception {
        return registry.submit(WEB, file, target, replace);
    }

    private Unit web() throws Exception {
        return registry.unit(WEB).orElseThrow();
    }

    private static UnitFile file(String command) throws Exception {
        return UnitFile.parse(WEB.value(), "[Service]\nExecStart=" + command + "\n");
    }
}
