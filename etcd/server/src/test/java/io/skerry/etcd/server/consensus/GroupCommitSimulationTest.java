package io.skerry.etcd.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.server.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Batches on their way through a simulated cluster in simulated time: leaders come and go, batches
 * are applied, lost before or after they entered the log, or come back.
 */
class GroupCommitSimulationTest {
    private static final int STEPS = 1_000;
    private static final int MOST_ON_THE_WAY = 3;
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    @Test
    void everyCommandIsAnsweredAndNoneEntersTheLogTwice() {
        Seeds.each(20, random -> new Simulation(random).run());
    }

    private static final class Simulation {
        private final Random random;
        private final ArrayDeque<Runnable> deliveries = new ArrayDeque<>();
        private final List<GroupCommit.Batch> onTheWay = new ArrayList<>();
        private final List<ByteString> log = new ArrayList<>();
        private final Map<ByteString, Proposal> proposals = new HashMap<>();
        private final GroupCommit commit = new GroupCommit(this::sent, deliveries::add, new News());
        private Leadership leadership = new Leadership.Nobody(0);
        private long now;
        private long term;

        Simulation(Random random) {
            this.random = random;
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                now += random.nextInt(200_000_000);
                step();
                assertThat(onTheWay).hasSizeLessThanOrEqualTo(MOST_ON_THE_WAY);
            }
            while (!onTheWay.isEmpty()) {
                settle();
            }
            commit.close();
            deliver(Integer.MAX_VALUE);
            judge();
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0 -> change();
                case 1 -> commit.expire(now);
                case 2, 3, 4, 5 -> settle();
                case 6 -> deliver(random.nextInt(5));
                default -> {
                    for (int i = random.nextInt(30); i >= 0; i--) {
                        offer();
                    }
                }
            }
        }

        private void offer() {
            var command = ByteString.copyFromUtf8("command " + proposals.size());
            var proposal =
                    new Proposal(
                            command,
                            random.nextInt(4) == 0,
                            now + PATIENCE_NANOS,
                            new CompletableFuture<>());
            proposals.put(command, proposal);
            commit.offer(proposal);
        }

        private void change() {
            term++;
            leadership =
                    switch (random.nextInt(4)) {
                        case 0 -> new Leadership.Nobody(term);
                        case 1 -> new Leadership.Other(term, 2);
                        default -> new Leadership.Own(term);
                    };
            commit.leadership(leadership);
        }

        private void sent(GroupCommit.Batch batch, Leadership by) {
            assertThat(by).isNotInstanceOf(Leadership.Nobody.class);
            assertThat(batch.proposals).isNotEmpty();
            if (by instanceof Leadership.Other) {
                assertThat(batch.proposals).noneMatch(Proposal::forwarded);
            }
            onTheWay.add(batch);
        }

        private void settle() {
            if (onTheWay.isEmpty()) {
                return;
            }
            var batch = onTheWay.remove(random.nextInt(onTheWay.size()));
            switch (random.nextInt(6)) {
                case 0 -> commit.lost(batch, Failures.leaderChanged());
                case 1 -> {
                    enterLog(batch);
                    commit.lost(batch, Failures.connectionLost());
                }
                case 2 -> {
                    commit.returned(batch.proposals);
                    commit.finished(batch);
                }
                default -> {
                    enterLog(batch);
                    var results =
                            batch.proposals.stream()
                                    .map(p -> CommandResult.ok(p.command()))
                                    .toList();
                    commit.applied(batch, log.size(), results);
                }
            }
        }

        private void enterLog(GroupCommit.Batch batch) {
            batch.proposals.forEach(proposal -> log.add(proposal.command()));
        }

        private void deliver(int most) {
            for (int i = 0; i < most && !deliveries.isEmpty(); i++) {
                deliveries.remove().run();
            }
        }

        private void judge() {
            var entered = new HashSet<ByteString>();
            for (ByteString command : log) {
                assertThat(entered.add(command)).as(command.toStringUtf8()).isTrue();
            }
            proposals.forEach((command, proposal) -> {
                var outcome = proposal.outcome();
                String name = command.toStringUtf8();
                assertThat(outcome).as(name).isDone();
                if (outcome.isCompletedExceptionally()) {
                    GrpcException reason = GrpcException.from(outcome.exceptionNow());
                    if (Failures.isNotProposed(reason)) {
                        assertThat(entered.contains(command)).as("refused " + name).isFalse();
                    }
                } else {
                    assertThat(entered.contains(command)).as("acknowledged " + name).isTrue();
                    assertThat(outcome.join().result().response()).isEqualTo(command);
                }
            });
        }
    }
}
