package io.skerry.fleet.simulation;

import io.skerry.fleet.engine.EngineCore;
import io.skerry.fleet.engine.Proposal;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Listing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The real engine core in one life of a host's process, fed and asked as its shell does. */
final class SimEngine {
    private static final Duration GRACE = Duration.ofMillis(250);

    final EngineCore core;
    private final SimHost host;
    private long cursor;
    private boolean pumping;
    private boolean deciding;

    SimEngine(SimHost host) {
        this.host = host;
        this.core = new EngineCore(host.id, host.world.keys, SimHost.TTL, GRACE);
    }

    void load(Listing listing) {
        core.load(listing.entries(), host.world.time.now());
        cursor = listing.revision();
    }

    void storeChanged() {
        if (!pumping) {
            pumping = true;
            host.later(host.world.delay(1, 40), this::pump);
        }
    }

    private void pump() {
        if (host.cut || host.world.store.frozen()) {
            host.later(Duration.ofMillis(100), this::pump);
            return;
        }
        pumping = false;
        List<Change> changes =
                host.world.store.data.changesAfter(cursor, host.world.keys.engineRange());
        cursor = host.world.store.data.revision();
        core.apply(changes, host.world.time.now());
        decide();
    }

    void decide() {
        if (deciding || !host.registered()) {
            return;
        }
        var candidacy = core.candidacy();
        if (candidacy.isPresent()) {
            deciding = true;
            host.commit(candidacy.get(), _ -> afterCandidacy(), this::afterCandidacy);
            return;
        }
        List<Proposal> proposals = core.propose(host.world.time.now());
        if (proposals.isEmpty()) {
            core.wakeAt(host.world.time.now())
                    .ifPresent(at -> {
                        Duration wait = at.minus(host.world.time.now());
                        host.later(SimHost.max(wait, Duration.ofMillis(1)), this::decide);
                    });
            return;
        }
        deciding = true;
        propose(new ArrayDeque<>(proposals));
    }

    private void afterCandidacy() {
        deciding = false;
        host.later(Duration.ofMillis(50), this::decide);
    }

    private void propose(Deque<Proposal> proposals) {
        Proposal proposal = proposals.poll();
        if (proposal == null) {
            deciding = false;
            decide();
            return;
        }
        host.commit(
                proposal.txn(),
                outcome -> {
                    if (outcome.held()) {
                        core.committed(proposal, outcome.revision());
                    } else {
                        core.refused(proposal, host.world.time.now());
                    }
                    propose(proposals);
                },
                () -> {
                    core.refused(proposal, host.world.time.now());
                    propose(proposals);
                });
    }
}
