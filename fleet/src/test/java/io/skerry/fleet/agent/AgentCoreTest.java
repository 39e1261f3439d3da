package io.skerry.fleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.StartNews;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Order;
import io.skerry.fleet.store.Order.Duty;
import io.skerry.fleet.store.Order.Relief;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.systemd.manager.JobResult;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders that come before the last answer was taken, and what units tell by their states. */
class AgentCoreTest {
    private static final UnitName WEB = new UnitName("web.service");
    private static final String TEXT = "[Service]\nExecStart=/bin/true\n";
    private static final UnitState AT_REST = new UnitState("loaded", "inactive", "dead");
    private static final UnitState ACTIVE = new UnitState("loaded", "active", "running");

    private final Keys keys = new Keys("/fleet/");
    private final AgentCore core =
            new AgentCore(
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
    private UnitFile file;

    @BeforeEach
    void readFile() throws Exception {
        file = UnitFile.parse(WEB.value(), TEXT);
    }

    @Test
    void anOrderIsNotUndoneByAnAnswerToTheOneBefore() throws Exception {
        core.orders(List.of(order(new Order(Duty.LAUNCH, file.sha1Hash(), Relief.AWAITED), 5)));
        core.file(file.sha1Hash(), file);
        core.observe(WEB, running());
        AgentCore.Answer told = core.progress().getFirst();

        core.apply(written(new Order(Duty.UNLOAD, file.sha1Hash()), 7));
        core.answered(told);

        assertThat(core.decide(Duration.ZERO)).contains(new UnitAction.Unload(WEB));
    }

    @Test
    void whoWaitsForAUnitIsToldOfItTogetherWithItsState() throws Exception {
        core.orders(List.of(order(new Order(Duty.LAUNCH, file.sha1Hash(), Relief.AWAITED), 5)));
        core.file(file.sha1Hash(), file);
        core.observe(WEB, running());
        AgentCore.Answer told = core.progress().getFirst();

        assertThat(told.txn().writes())
                .extracting(StoreTxn.Write::key)
                .contains(keys.schedule("m1", WEB), keys.state(WEB, "m1"));

        core.answered(told);
        assertThat(core.report()).as("it is not told twice").isEmpty();
    }

    @Test
    void anOrderIsNotForgottenWithTheOneBefore() throws Exception {
        core.orders(List.of(order(new Order(Duty.UNLOAD, file.sha1Hash()), 5)));
        core.file(file.sha1Hash(), file);
        AgentCore.Answer told = core.releases().getFirst();

        core.apply(written(new Order(Duty.LAUNCH, file.sha1Hash()), 7));
        core.answered(told);

        assertThat(core.decide(Duration.ZERO)).isNotEmpty();
    }

    @Test
    void aOneshotWhoseStartStillWaitsInTheQueueHasNotFinishedForAnAgentThatIsNew()
            throws Exception {
        oneshot();
        core.adopt(WEB, started(AT_REST), null);
        assertThat(core.progress()).isEmpty();

        core.startEnded(WEB, file.sha1Hash(), JobResult.DONE);
        assertThat(told().finished()).isTrue();
    }

    @Test
    void aOneshotThatIsAtRestAndNotQueuedHasFinishedWhileThereWasNoAgent() throws Exception {
        oneshot();
        core.adopt(WEB, started(AT_REST), JobResult.DONE);
        assertThat(told().finished()).isTrue();
    }

    @Test
    void howAStartFaredIsToldOfAUnitAtRestOnly() throws Exception {
        core.orders(List.of(order(new Order(Duty.LAUNCH, file.sha1Hash()), 5)));
        core.file(file.sha1Hash(), file);
        var loaded =
                new Observed(
                        file.sha1Hash(),
                        UnitRequirements.parse(WEB, file),
                        Observed.Mark.NONE,
                        AT_REST);
        core.observe(WEB, loaded);
        assertThat(start()).isEqualTo(StartNews.NONE);

        assertThat(core.decide(Duration.ZERO))
                .containsExactly(new UnitAction.Start(WEB, file.sha1Hash()));
        core.observe(WEB, started(AT_REST));
        core.done(WEB);
        assertThat(start()).isEqualTo(StartNews.PENDING);

        core.startEnded(WEB, file.sha1Hash(), JobResult.DEPENDENCY);
        assertThat(start()).isEqualTo(new StartNews("dependency"));
        core.startEnded(WEB, file.sha1Hash(), JobResult.DONE);
        assertThat(start()).isEqualTo(StartNews.DONE);
        core.startEnded(WEB, file.sha1Hash(), null);
        assertThat(start()).isEqualTo(StartNews.UNTOLD);
        core.observe(WEB, running());
        assertThat(start()).isEqualTo(StartNews.UNTOLD);
    }

    @Test
    void aStartThatSystemdRefusesIsToldUntilItIsTriedAgain() throws Exception {
        core.orders(List.of(order(new Order(Duty.LAUNCH, file.sha1Hash()), 5)));
        core.file(file.sha1Hash(), file);
        core.observe(WEB, started(AT_REST).withMark(Observed.Mark.NONE));
        assertThat(core.decide(Duration.ZERO)).hasSize(1);
        core.startEnded(WEB, file.sha1Hash(), JobResult.INVALID);
        core.observe(WEB, started(AT_REST).withMark(Observed.Mark.TOUCHED));
        assertThat(start()).isEqualTo(StartNews.PENDING);

        core.failed(WEB, Duration.ZERO);
        assertThat(start()).isEqualTo(new StartNews("invalid"));
        assertThat(core.decide(Duration.ofMillis(500))).isEmpty();

        assertThat(core.decide(Duration.ofMinutes(2))).hasSize(1);
        assertThat(start()).isEqualTo(StartNews.PENDING);
    }

    /** Its user has seen that, and mends or destroys it; neither waits for the next try. */
    @Test
    void aStartThatHasFailedKeepsNothingElseWaiting() throws Exception {
        core.orders(List.of(order(new Order(Duty.LAUNCH, file.sha1Hash()), 5)));
        core.file(file.sha1Hash(), file);
        assertThat(core.decide(Duration.ZERO)).hasSize(2);
        core.observe(WEB, started(AT_REST).withMark(Observed.Mark.TOUCHED));
        core.failed(WEB, Duration.ZERO);
        assertThat(core.decide(Duration.ofMillis(500))).isEmpty();

        var mended = UnitFile.parse(WEB.value(), "[Service]\nExecStart=/bin/sleep 2\n");
        core.orders(List.of(order(new Order(Duty.LAUNCH, mended.sha1Hash()), 6)));
        core.file(mended.sha1Hash(), mended);
        assertThat(core.decide(Duration.ofMillis(500)))
                .containsExactly(
                        new UnitAction.Load(WEB, mended),
                        new UnitAction.Start(WEB, mended.sha1Hash()));
        core.failed(WEB, Duration.ofMillis(500));

        core.orders(List.of(order(new Order(Duty.UNLOAD, file.sha1Hash()), 7)));
        assertThat(core.decide(Duration.ofMillis(500))).containsExactly(new UnitAction.Unload(WEB));
    }

    @Test
    void aOneshotThatIsNotRunAgainAfterARebootIsToldAsStarted() throws Exception {
        oneshot();
        core.orders(List.of(order(new Order(Duty.LAUNCH, file.sha1Hash(), Relief.NONE, true), 6)));
        core.observe(WEB, started(AT_REST).withMark(Observed.Mark.NONE));

        assertThat(core.decide(Duration.ZERO)).isEmpty();
        assertThat(start()).isEqualTo(StartNews.DONE);
    }

    private StartNews start() throws Exception {
        var write =
                (StoreTxn.Write.PutLeased) core.report().orElseThrow().txn().writes().getFirst();
        return Codec.report(WEB, "m1", new Entry(write.key(), write.value(), 1, 1, 0)).start();
    }

    private void oneshot() throws Exception {
        file = UnitFile.parse(WEB.value(), "[Service]\nType=oneshot\nExecStart=/bin/true\n");
        core.orders(List.of(order(new Order(Duty.LAUNCH, file.sha1Hash()), 5)));
        core.file(file.sha1Hash(), file);
    }

    private Order told() {
        return core.progress().getFirst().order();
    }

    private Observed running() throws Exception {
        return started(ACTIVE);
    }

    private Observed started(UnitState state) throws Exception {
        return new Observed(
                file.sha1Hash(), UnitRequirements.parse(WEB, file), Observed.Mark.STARTED, state);
    }

    private Entry order(Order order, long revision) {
        return new Entry(keys.schedule("m1", WEB), Codec.encode(order), 5, revision, 0);
    }

    private List<Change> written(Order order, long revision) {
        return List.of(new Change.Written(order(order, revision)));
    }
}
