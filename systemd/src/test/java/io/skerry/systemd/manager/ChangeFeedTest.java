package io.skerry.systemd.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
    private static final UnitState RUNNING = new UnitState("loaded", "active", "running");
    private static final UnitState DEAD = new UnitState("loaded", "inactive", "dead");

    private final FakeSystemd systemd = new FakeSystemd();
    private final ChangeFeed feed = new ChangeFeed(systemd);
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        feed.close();
    }

    @Test
    void aTouchedUnitIsToldWithItsPresentStateAndOnlyWhenThatIsNew() throws Exception {
        systemd.set("a.service", DEAD);
        feed.subscribe(listener());

        feed.touched("a.service");
        systemd.set("b.service", RUNNING);
        feed.touched("b.service");
        assertThat(next()).isEqualTo("b.service " + RUNNING);
        systemd.set("a.service", RUNNING);
        feed.touched("a.service");
        assertThat(next()).isEqualTo("a.service " + RUNNING);
        systemd.set("a.service", null);
        feed.touched("a.service");
        assertThat(next()).isEqualTo("a.service removed");
    }

    @Test
    void aUnitThatCameAndWentBetweenTwoLooksIsToldToBeGone() throws Exception {
        feed.subscribe(listener());

        feed.touched("short.service");

        assertThat(next()).isEqualTo("short.service removed");
    }

    @Test
    void afterAReloadAllUnitsAreComparedWithWhatWasTold() throws Exception {
        systemd.set("a.service", DEAD);
        systemd.set("b.service", RUNNING);
        systemd.set("c.service", RUNNING);
        feed.subscribe(listener());

        systemd.set("a.service", null);
        systemd.set("b.service", DEAD);
        systemd.set("d.service", DEAD);
        feed.allTouched();

        assertThat(new String[] {next(), next(), next()})
                .containsExactlyInAnyOrder(
                        "a.service removed", "b.service " + DEAD, "d.service " + DEAD);
    }

    @Test
    void whatChangedWhileTheBusWasAwayIsToldAfterItIsBack() throws Exception {
        systemd.set("a.service", RUNNING);
        feed.subscribe(listener());

        feed.lost(new SystemdException(SystemdException.DISCONNECTED, "gone", null));
        systemd.set("a.service", DEAD);
        feed.restored();

        assertThat(next()).isEqualTo("lost gone");
        assertThat(next()).isEqualTo("restored");
        assertThat(next()).isEqualTo("a.service " + DEAD);
    }

    @Test
    void aSystemdThatIsSilentForAWhileIsAskedAgain() throws Exception {
        feed.subscribe(listener());
        systemd.failures.set(1);
        systemd.set("a.service", RUNNING);

        feed.touched("a.service");

        assertThat(next()).isEqualTo("a.service " + RUNNING);
    }

    @Test
    void nothingIsAskedBeforeSomebodyListensAndNothingToldAfterwards() throws Exception {
        feed.touched("a.service");
        feed.allTouched();
        assertThat(systemd.asked).hasValue(0);

        feed.subscribe(listener()).close();
        systemd.set("a.service", RUNNING);
        feed.touched("a.service");
        feed.subscribe(listener());
        systemd.set("b.service", RUNNING);
        feed.touched("b.service");

        assertThat(next()).endsWith(".service " + RUNNING);
    }

    private String next() throws InterruptedException {
        String news = heard.poll(60, TimeUnit.SECONDS);
        assertThat(news).as("news within 60 s").isNotNull();
        return String.valueOf(news);
    }

    private UnitListener listener() {
        return new UnitListener() {
            @Override
            public void unitChanged(String unit, UnitState state) {
                heard.add(unit + " " + state);
            }

            @Override
            public void unitRemoved(String unit) {
                heard.add(unit + " removed");
            }

            @Override
            public void busLost(SystemdException reason) {
                heard.add("lost " + reason.getMessage());
            }

            @Override
            public void busRestored() {
                heard.add("restored");
            }
        };
    }

    private static final class FakeSystemd implements ChangeFeed.LoadedStates {
        private final Map<String, UnitState> units = new HashMap<>();
        final AtomicInteger failures = new AtomicInteger();
        final AtomicInteger asked = new AtomicInteger();

        synchronized void set(String unit, @Nullable UnitState state) {
            if (state == null) {
                units.remove(unit);
            } else {
                units.put(unit, state);
            }
        }

        @Override
        public Map<String, UnitState> of(Collection<String> names) throws SystemdException {
            return all();
        }

        @Override
        public synchronized Map<String, UnitState> all() throws SystemdException {
            asked.incrementAndGet();
            if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw new SystemdException(SystemdException.NO_REPLY, "silent", null);
            }
            return Map.copyOf(units);
        }
    }
}
