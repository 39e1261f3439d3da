package io.skerry.etcd.server.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.time.ManualClock;
import io.skerry.base.time.PauseAwareClock;
import io.skerry.etcd.server.Seeds;
import io.skerry.etcd.server.consensus.rpc.LeaderContact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Lease clocks of three members in simulated time: leaders change and the old one does not know for
 * a while, processes are stopped, clocks jump ahead, proposals are lost. No lease may end before
 * its time to live has passed since the last renewal that was confirmed; in the end all end.
 */
class LeaseSimulationTest {
    private static final int STEPS = 1_000;
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration LONGEST_TICK = Duration.ofMillis(500);
    private static final Duration ELECTION = Duration.ofSeconds(1);
    private static final long CHECKPOINT_FROM_SECONDS = 20;
    private static final long LONGEST_TTL_SECONDS = 40;

    @Test
    void noLeaseEndsBeforeItsTimeAndAllEndAtLast() {
        Seeds.each(40, random -> new Simulation(random).run());
    }

    /** A member's process with a clock of its own. */
    private static final class Member {
        final ManualClock machine = new ManualClock();
        final PauseAwareClock clock = new PauseAwareClock(machine, TICK, LONGEST_TICK);
        final LeaseClocks leases = new LeaseClocks(clock.exact());
        final LeaderContact contact = new LeaderContact(clock.exact());
        Duration stoppedFor = Duration.ZERO;

        boolean runs() {
            return stoppedFor.isZero();
        }

        void advance(Duration step) {
            machine.advance(step);
            stoppedFor = stoppedFor.compareTo(step) > 0 ? stoppedFor.minus(step) : Duration.ZERO;
            if (runs()) {
                clock.tick();
            }
        }
    }

    /** An end that was proposed and is not decided yet. */
    private record Proposed(Member by, LeaseClocks.Expired expired) {}

    private static final class Simulation {
        private final Random random;
        private final List<Member> members = List.of(new Member(), new Member(), new Member());
        private final Map<Long, Lease> table = new TreeMap<>();
        private final Map<Long, Duration> promised = new HashMap<>();
        private final List<Proposed> proposed = new ArrayList<>();
        private Duration now = Duration.ZERO;
        private Member leader = members.getFirst();
        private long term = 1;
        private long nextId = 1;
        private int ended;

        Simulation(Random random) {
            this.random = random;
            leader.contact.leads(term);
            leader.leases.lead(term, List.of(), ELECTION);
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                advance(Duration.ofMillis(random.nextInt(120)));
                step();
            }
            members.forEach(member -> member.stoppedFor = Duration.ZERO);
            if (!leader.leases.leading()) {
                elect(leader);
            }
            for (int i = 0; !table.isEmpty(); i++) {
                assertThat(i).as("ticks until all leases have ended").isLessThan(1_000);
                advance(TICK);
                expire(leader);
                while (!proposed.isEmpty()) {
                    decide(true);
                }
            }
            assertThat(ended).isPositive();
        }

        private void advance(Duration step) {
            now = now.plus(step);
            members.forEach(member -> member.advance(step));
        }

        private void step() {
            Member any = members.get(random.nextInt(members.size()));
            switch (random.nextInt(30)) {
                case 0 -> any.stoppedFor = Duration.ofMillis(random.nextInt(20_000));
                case 1 -> suspend(any);
                case 2 -> elect(any);
                case 3 -> checkpoint();
                case 4, 5, 6, 7 -> grant();
                case 8, 9, 10, 11 -> decide(random.nextInt(4) > 0);
                case 12 -> hearOfTheLeader(any);
                case 13, 14, 15, 16, 17, 18 -> renew(any);
                case 19, 20, 21 -> beat();
                case 22, 23, 24 -> learnOfSilence();
                default -> expire(any);
            }
        }

        /** The machine sleeps for a moment, and its clock believes that it was long. */
        private void suspend(Member member) {
            member.stoppedFor = TICK.multipliedBy(2);
            member.machine.advance(Duration.ofSeconds(random.nextInt(3_600)));
        }

        private void elect(Member chosen) {
            var voter = anyOther(chosen);
            if (chosen.runs() && voter != null) {
                // Whoever led goes on to believe so until it hears of the other.
                term++;
                leader = chosen;
                demote(chosen);
                chosen.contact.leads(term);
                voter.contact.hears(term);
                chosen.leases.lead(term, table.values(), ELECTION);
            }
        }

        private void hearOfTheLeader(Member member) {
            if (member.runs() && !member.equals(leader)) {
                demote(member);
            }
        }

        private static void demote(Member member) {
            if (member.leases.leading()) {
                member.leases.stop();
                member.contact.leadsNoLonger();
            }
        }

        private @Nullable Member anyOther(Member member) {
            var others = members.stream().filter(m -> m.runs() && !m.equals(member)).toList();
            return others.isEmpty() ? null : others.get(random.nextInt(others.size()));
        }

        private void beat() {
            var _ = confirmed();
        }

        /** Whether the leader has the word of a majority now. */
        private boolean confirmed() {
            var other = anyOther(leader);
            if (!leader.runs() || other == null) {
                return false;
            }
            other.contact.hears(term);
            return true;
        }

        /** The leader asks another, not always the one that voted. */
        private void learnOfSilence() {
            var other = anyOther(leader);
            if (leader.runs() && other != null) {
                Duration own = leader.contact.silenceBefore(term);
                Duration others = other.contact.silenceBefore(term);
                if (own != null && others != null) {
                    leader.leases.quietBefore(term, own.compareTo(others) < 0 ? own : others);
                    table.keySet().forEach(this::keepsItsPromise);
                }
            }
        }

        /** What is left is told in whole seconds. */
        private void keepsItsPromise(long lease) {
            long left = leader.leases.remainingSeconds(lease).orElseThrow();
            assertThat(now.plusSeconds(left + 1))
                    .as("latest end of lease " + lease)
                    .isGreaterThan(promised.get(lease));
        }

        private void grant() {
            if (confirmed()) {
                var lease = new Lease(nextId++, 1 + random.nextLong(LONGEST_TTL_SECONDS), 0);
                table.put(lease.id(), lease);
                members.stream()
                        .filter(Member::runs)
                        .forEach(member -> member.leases.granted(lease));
                promised.put(lease.id(), now.plusSeconds(lease.ttlSeconds()));
            }
        }

        private @Nullable Lease anyLease() {
            if (table.isEmpty()) {
                return null;
            }
            return new ArrayList<>(table.values()).get(random.nextInt(table.size()));
        }

        private void renew(Member asked) {
            Lease lease = anyLease();
            if (lease == null || !asked.runs() || !asked.leases.leading()) {
                return;
            }
            var renewal = asked.leases.renew(lease.id());
            // Only the real leader gets it confirmed; an answer may be lost on its way.
            if (renewal == null || !asked.equals(leader) || !confirmed()) {
                return;
            }
            if (renewal.clearCheckpoint()) {
                if (random.nextInt(3) == 0) {
                    return;
                }
                table.put(lease.id(), new Lease(lease.id(), lease.ttlSeconds(), 0));
                asked.leases.checkpointCleared(lease.id());
            }
            promised.put(lease.id(), now.plusSeconds(renewal.ttlSeconds()));
        }

        private void checkpoint() {
            if (confirmed()) {
                leader.leases
                        .checkpoint(CHECKPOINT_FROM_SECONDS)
                        .forEach((id, left) -> {
                            Lease lease = table.get(id);
                            if (lease != null) {
                                table.put(id, new Lease(id, lease.ttlSeconds(), left));
                            }
                        });
            }
        }

        private void expire(Member member) {
            if (member.runs()) {
                var expired = member.leases.takeExpired(1 + random.nextInt(10));
                if (!expired.leases().isEmpty()) {
                    proposed.add(new Proposed(member, expired));
                }
            }
        }

        /** The oldest proposal enters the log, where its term decides, or is lost. */
        private void decide(boolean entersLog) {
            if (proposed.isEmpty()) {
                return;
            }
            Proposed oldest = proposed.removeFirst();
            if (!entersLog || oldest.expired().term() != term) {
                oldest.by().leases.giveBack(oldest.expired());
                return;
            }
            for (long id : oldest.expired().leases()) {
                if (table.remove(id) != null) {
                    ended++;
                    members.forEach(member -> member.leases.revoked(id));
                    assertThat(now)
                            .as("end of lease " + id)
                            .isGreaterThanOrEqualTo(promised.get(id));
                }
            }
        }
    }
}
