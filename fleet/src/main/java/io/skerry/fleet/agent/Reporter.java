package io.skerry.fleet.agent;

import io.skerry.base.log.Log;
import io.skerry.base.time.MonotonicClock;
import io.skerry.fleet.agent.AgentCore.Answer;
import io.skerry.fleet.loop.EventLoop;
import io.skerry.fleet.store.FleetStore;
import io.skerry.fleet.store.RegistryException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the agent writes to the store under the machine's lease: units given back and taken over
 * first, then the states that have changed. One write at a time; a failed one is tried again a
 * little later. Confined to the agent's loop.
 */
final class Reporter {
    static final Duration STORE_RETRY = Duration.ofMillis(500);
    private static final Log LOG = Log.of(Reporter.class);

    private final AgentCore core;
    private final FleetStore store;
    private final MonotonicClock clock;
    private final EventLoop loop;
    private long leaseId;
    private boolean writing;
    private boolean listedForLease;
    private Runnable onSettled = () -> {};
    private Duration retryAt = Duration.ZERO;

    Reporter(AgentCore core, FleetStore store, MonotonicClock clock, EventLoop loop) {
        this.core = core;
        this.store = store;
        this.clock = clock;
        this.loop = loop;
    }

    /** The machine has a new lease; nothing is written before its orders were listed. */
    void entered(long lease, Runnable whenSettled) {
        leaseId = lease;
        listedForLease = false;
        onSettled = whenSettled;
    }

    void leaseLost() {
        leaseId = 0;
    }

    boolean hasLease() {
        return leaseId != 0;
    }

    long lease() {
        return leaseId;
    }

    /** Holds back until the orders have been listed anew. */
    void awaitListing() {
        listedForLease = false;
    }

    void listed() {
        listedForLease = true;
    }

    boolean writing() {
        return writing;
    }

    /** How long until a failed write is tried again, if one has failed just now. */
    Optional<Duration> retryIn(Duration now) {
        return now.compareTo(retryAt) < 0 ? Optional.of(retryAt.minus(now)) : Optional.empty();
    }

    /** Begins the next write, when there is one and it may be made now. */
    void act(Duration now) {
        if (leaseId == 0 || !listedForLease || writing || now.compareTo(retryAt) < 0) {
            return;
        }
        long lease = leaseId;
        List<Answer> answers = Answers.batch(core.releases(), core.progress());
        if (!answers.isEmpty()) {
            writing = true;
            Agent.inBackground("fleet-answer", () -> answer(answers, lease));
            return;
        }
        core.report()
                .ifPresentOrElse(
                        report -> {
                            writing = true;
                            Agent.inBackground("fleet-report", () -> report(report, lease));
                        },
                        () -> {
                            Runnable settled = onSettled;
                            onSettled = () -> {};
                            settled.run();
                        });
    }

    private void answer(List<Answer> answers, long lease) {
        if (!commit(answers, lease)) {
            loop.tell(this::retryLater);
        }
        loop.tell(() -> writing = false);
    }

    /**
     * Commits the answers in one transaction or, when one of them was overtaken, each by itself.
     *
     * @return false when some have to be tried again
     */
    private boolean commit(List<Answer> answers, long lease) {
        try {
            if (store.commit(Answers.together(answers), lease).held()) {
                answers.forEach(answer -> told(answer, lease));
                return true;
            }
            boolean all = answers.size() > 1; // One alone is overtaken: its order is on its way.
            for (Answer answer : all ? answers : List.<Answer>of()) {
                if (store.commit(answer.txn(), lease).held()) {
                    told(answer, lease);
                } else {
                    all = false;
                }
            }
            return all;
        } catch (RegistryException e) {
            LOG.warn(
                    "cannot tell of units",
                    "units",
                    answers.stream().map(Answer::unit).toList(),
                    "cause",
                    e.getMessage());
            return false;
        } catch (RuntimeException e) {
            LOG.error("telling of units failed", e); // A bug must not end all telling.
            return false;
        }
    }

    private void told(Answer answer, long lease) {
        LOG.info("unit " + Answers.words(answer) + ", told", "unit", answer.unit());
        loop.tell(() -> {
            core.answered(answer);
            if (leaseId != lease) {
                core.forgetReports(); // The state that was told with it goes with the former lease.
            }
        });
    }

    private void report(AgentCore.Report report, long lease) {
        try {
            store.commit(report.txn(), lease);
            loop.tell(() -> {
                writing = false;
                if (leaseId == lease) {
                    core.reported(report);
                }
            });
        } catch (RegistryException e) {
            LOG.warn("cannot report states", "cause", e.getMessage());
            loop.tell(this::notReported);
        } catch (RuntimeException e) {
            LOG.error("reporting states failed", e);
            loop.tell(this::notReported);
        }
    }

    private void notReported() {
        writing = false;
        retryLater();
    }

    private void retryLater() {
        retryAt = clock.now().plus(STORE_RETRY);
    }
}
