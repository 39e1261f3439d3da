package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import io.skerry.fleet.ctl.Goal.Progress;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.StartNews;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoalTest {
    private static final String M1 = "11111111aaaa";

    private final ClusterMirror mirror = new ClusterMirror();

    private void unit(String hash, String machineId, String reason) {
        mirror.apply(
                new WatchEvent.UnitChanged(
                        "a.service", hash, "launched", "", machineId, false, reason));
    }

    private void state(String hash, String active, String sub) {
        mirror.apply(
                new WatchEvent.StateChanged(
                        new UnitStateEntity("a.service", hash, M1, "loaded", active, sub)));
    }

    private void atRest(String active, StartNews start) {
        mirror.apply(
                new WatchEvent.StateChanged(
                        new UnitStateEntity(
                                "a.service", "h2", M1, "loaded", active, "dead", start)));
    }

    private void synced() {
        mirror.apply(
                new WatchEvent.MachineChanged(
                        new Machine(
                                M1, Map.of(), "10.88.0.11", "", Resources.NONE, Resources.NONE)));
        mirror.apply(new WatchEvent.Synced());
    }

    private Progress check(Goal.Wanted wanted) {
        return new Goal("a.service", "h2", wanted).check(mirror);
    }

    @Test
    void launchedMeansActiveWithTheFileThatWasAskedFor() {
        synced();
        unit("h2", M1, "");
        state("h1", "active", "running");
        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Pending.class);

        state("h2", "active", "running");

        assertThat(check(Goal.Wanted.LAUNCHED))
                .isEqualTo(new Progress.Done("Unit a.service launched on 11111111.../10.88.0.11"));
    }

    @Test
    void aUnitWithoutAPlaceIsAnObstacleWithItsReason() {
        synced();
        unit("h2", "", "no machine fits: conflicts with b.service");

        assertThat(check(Goal.Wanted.LAUNCHED))
                .isEqualTo(
                        new Progress.Pending(
                                "is not placed: no machine fits: conflicts with b.service",
                                true,
                                null));
    }

    @Test
    void aUnitWhoseMachineIsGoneIsAnObstacleToAllButItsStop() {
        synced();
        unit("h2", M1, "placed on " + M1 + ", which is gone");
        state("h2", "active", "running");
        mirror.apply(new WatchEvent.MachineGone(M1));
        var obstacle = new Progress.Pending("is placed on " + M1 + ", which is gone", true, null);
        assertThat(check(Goal.Wanted.STOPPED)).isEqualTo(obstacle);

        mirror.apply(new WatchEvent.StateGone("a.service", M1));

        assertThat(check(Goal.Wanted.LAUNCHED)).isEqualTo(obstacle);
        assertThat(check(Goal.Wanted.LOADED)).isEqualTo(obstacle);
        assertThat(check(Goal.Wanted.STOPPED))
                .isEqualTo(
                        new Progress.Done(
                                "Unit a.service inactive: its machine 11111111... is gone"));
    }

    @Test
    void aFailedUnitEndsTheWaiting() {
        synced();
        unit("h2", M1, "");
        state("h2", "failed", "failed");

        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Failed.class);
        assertThat(check(Goal.Wanted.LOADED)).isInstanceOf(Progress.Done.class);
    }

    @Test
    void anAgentThatTellsOfStartsDecidesWhetherAUnitAtRestHasBegun() {
        synced();
        unit("h2", M1, "");
        var starting =
                new Progress.Pending(
                        "is being started on 11111111.../10.88.0.11",
                        false,
                        new UnitStateEntity(
                                "a.service",
                                "h2",
                                M1,
                                "loaded",
                                "inactive",
                                "dead",
                                StartNews.PENDING));
        atRest("inactive", StartNews.NONE);
        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Pending.class);
        atRest("inactive", StartNews.PENDING);
        assertThat(check(Goal.Wanted.LAUNCHED)).isEqualTo(starting);

        atRest("inactive", StartNews.DONE);

        assertThat(check(Goal.Wanted.LAUNCHED))
                .isEqualTo(
                        new Progress.Done(
                                "Unit a.service launched on 11111111.../10.88.0.11"
                                        + " and has finished"));
    }

    @Test
    void aStartThatComesToNothingEndsTheWaiting() {
        synced();
        unit("h2", M1, "");
        atRest("inactive", new StartNews("dependency"));

        assertThat(check(Goal.Wanted.LAUNCHED))
                .isInstanceOfSatisfying(
                        Progress.Failed.class,
                        failed ->
                                assertThat(failed.line())
                                        .startsWith(
                                                "Unit a.service did not start on"
                                                        + " 11111111.../10.88.0.11: dependency"));
    }

    @Test
    void aFailureFromBeforeTheStartIsNone() {
        synced();
        unit("h2", M1, "");
        atRest("failed", StartNews.NONE);
        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Pending.class);
        atRest("failed", StartNews.PENDING);
        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Pending.class);

        atRest("failed", StartNews.DONE);

        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Failed.class);
    }

    @Test
    void aUnitThatHasFailedIsStoppedOnceItsAgentSaysSo() {
        synced();
        unit("h2", M1, "");
        atRest("failed", StartNews.DONE);
        assertThat(check(Goal.Wanted.STOPPED)).isInstanceOf(Progress.Pending.class);

        atRest("failed", StartNews.NONE);

        assertThat(check(Goal.Wanted.STOPPED)).isInstanceOf(Progress.Done.class);
    }

    @Test
    void aFileThatSystemdCannotUseEndsTheWaiting() {
        synced();
        unit("h2", M1, "");
        mirror.apply(
                new WatchEvent.StateChanged(
                        new UnitStateEntity(
                                "a.service",
                                "h2",
                                M1,
                                "bad-setting",
                                "inactive",
                                "dead",
                                StartNews.NONE)));

        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Failed.class);
        assertThat(check(Goal.Wanted.LOADED)).isInstanceOf(Progress.Failed.class);
        assertThat(check(Goal.Wanted.STOPPED)).isInstanceOf(Progress.Done.class);
    }

    @Test
    void aUnitThatWasSeenAtWorkAndIsAtRestHasFinished() {
        synced();
        unit("h2", M1, "");
        state("h2", "inactive", "dead");
        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Pending.class);

        state("h2", "activating", "start");
        state("h2", "inactive", "dead");

        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Done.class);
    }

    @Test
    void aOneshotThatHasFinishedIsNotAwaitedOfAMachineThatIsGone() {
        synced();
        var known =
                new WatchEvent.UnitChanged(
                        "a.service", "h2", "launched", "launched", M1, false, "");
        mirror.apply(known);
        state("h2", "inactive", "dead");
        mirror.apply(new WatchEvent.MachineGone(M1));
        // What was told of it is about to be taken back, and whether it has finished told with it.
        assertThat(check(Goal.Wanted.LAUNCHED)).isInstanceOf(Progress.Pending.class);

        mirror.apply(new WatchEvent.StateGone("a.service", M1));

        assertThat(check(Goal.Wanted.LAUNCHED))
                .isEqualTo(new Progress.Done("Unit a.service has finished; restart runs it again"));
    }

    @Test
    void destroyedMeansThatNoMachineHasItAnyMore() {
        synced();
        unit("h2", M1, "");
        state("h2", "active", "running");
        mirror.apply(new WatchEvent.UnitGone("a.service"));
        assertThat(check(Goal.Wanted.GONE)).isInstanceOf(Progress.Pending.class);

        mirror.apply(new WatchEvent.StateGone("a.service", M1));

        assertThat(check(Goal.Wanted.GONE)).isEqualTo(new Progress.Done("Destroyed a.service"));
    }

    @Test
    void nothingIsConcludedBeforeTheFeedHasToldEverything() {
        assertThat(check(Goal.Wanted.GONE)).isInstanceOf(Progress.Pending.class);
    }
}
