package io.skerry.chaos.run;

import io.etcd.jetcd.api.StatusRequest;
import io.skerry.base.file.FileTree;
import io.skerry.base.grpc.GrpcException;
import io.skerry.chaos.check.GroupCheck;
import io.skerry.chaos.check.HistoryCheck;
import io.skerry.chaos.check.LeaseCheck;
import io.skerry.chaos.check.LockCheck;
import io.skerry.chaos.check.RevisionCheck;
import io.skerry.chaos.check.SetCheck;
import io.skerry.chaos.check.Violation;
import io.skerry.chaos.check.WatchCheck;
import io.skerry.chaos.cluster.Equipment;
import io.skerry.chaos.cluster.Members;
import io.skerry.chaos.fault.FaultKind;
import io.skerry.chaos.fault.FaultPlan;
import io.skerry.chaos.fault.Nemesis;
import io.skerry.chaos.fault.Replacements;
import io.skerry.chaos.history.Event;
import io.skerry.chaos.history.History;
import io.skerry.chaos.workload.Clients;
import io.skerry.chaos.workload.WorkloadKeys;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Runs a plan from the first member's start to the verdict. */
public final class StoreRun implements AutoCloseable {
    private static final Duration STATUS_LIMIT = Duration.ofMillis(500);

    private final RunPlan plan;
    private final Consumer<String> progress;
    private final Path folder;
    private final Members members;

    /**
     * Makes the run's folder and the members' networks.
     *
     * @param progress told what goes on, a line each
     */
    public StoreRun(RunPlan plan, Consumer<String> progress)
            throws IOException, InterruptedException {
        this.plan = plan;
        this.progress = progress;
        this.folder = Files.createTempDirectory(plan.folder(), "skerry-chaos-");
        this.members =
                Members.prepare(
                        plan.program(),
                        folder,
                        plan.members(),
                        new Equipment(
                                plan.separated(),
                                plan.faults().contains(FaultKind.SLOW),
                                plan.faults().contains(FaultKind.CLOCK),
                                plan.tls()));
    }

    /** Returns when the verdict is there. */
    public RunReport run() throws IOException, InterruptedException {
        progress.accept("seed " + plan.seed() + ", data and logs in " + folder);
        for (int i = 0; i < plan.members(); i++) {
            members.start(i);
        }
        List<URI> endpoints = IntStream.range(0, plan.members()).mapToObj(members::client).toList();
        try (var clients = new Clients(endpoints)) {
            var end = new FinalState(clients, members);
            if (!end.awaitRecovery()) {
                return report(new History(), List.of(), List.of(), end.violations());
            }
            return used(clients, end);
        }
    }

    private RunReport used(Clients clients, FinalState end)
            throws IOException, InterruptedException {
        var history = new History();
        progress.accept("all members serve; " + plan.time().toSeconds() + " s of use and faults");
        clients.start(plan.workloads(), plan.seed(), history);
        var faults = FaultPlan.of(plan.seed(), plan.members(), plan.faults(), plan.time());
        var replacements = new Replacements(members, clients::member);
        var nemesis =
                new Nemesis(
                        members,
                        replacements,
                        faults,
                        plan.seed(),
                        () -> leader(clients),
                        () -> TimeUnit.NANOSECONDS.toMillis(history.now()),
                        plan.time().toMillis());
        nemesis.run();
        nemesis.awaitTime(plan.time().toMillis());
        progress.accept("faults are over, waiting for all members to serve");
        boolean recovered = end.awaitRecovery();
        clients.stop();
        List<Event> truth = List.of();
        if (recovered) {
            try {
                truth = end.truth();
            } catch (GrpcException e) {
                end.violations()
                        .add(
                                new Violation(
                                        "recovery",
                                        "a member that served failed a call: " + e.getMessage(),
                                        List.of()));
                recovered = false;
            }
        }
        progress.accept("checking");
        var violations = new ArrayList<>(end.violations());
        judge(history, truth, recovered, violations);
        members.deaths()
                .forEach(death ->
                        violations.add(new Violation("members stay up", death, List.of())));
        replacements
                .failures()
                .forEach(failure ->
                        violations.add(
                                new Violation("members can be replaced", failure, List.of())));
        clients.failures()
                .forEach(failure -> violations.add(new Violation("clients", failure, List.of())));
        var done = new ArrayList<>(nemesis.done());
        replacements.done().forEach(member -> done.add("replaced " + member));
        return report(history, truth, done, violations);
    }

    private void judge(
            History history, List<Event> truth, boolean recovered, List<Violation> violations) {
        var calls = history.calls();
        violations.addAll(GroupCheck.of(calls));
        violations.addAll(RevisionCheck.of(calls));
        violations.addAll(SetCheck.of(history.setCalls()));
        violations.addAll(LeaseCheck.of(history.leases(), recovered));
        if (recovered) {
            List<Event> groups =
                    truth.stream()
                            .filter(e ->
                                    e.key().startsWith(WorkloadKeys.REGISTERS)
                                            || e.key().startsWith(WorkloadKeys.TRANSACTIONS))
                            .toList();
            violations.addAll(HistoryCheck.of(groups, calls));
            violations.addAll(WatchCheck.of(truth, history.watches()));
            violations.addAll(
                    LockCheck.of(truth, WorkloadKeys.LOCK_QUEUE, WorkloadKeys.LOCK_FENCE));
        }
    }

    private int leader(Clients clients) {
        for (int i = 0; i < plan.members(); i++) {
            try {
                var status =
                        clients.member(i)
                                .unary(
                                        EtcdMethods.STATUS,
                                        StatusRequest.getDefaultInstance(),
                                        STATUS_LIMIT)
                                .get();
                if (status.getLeader() != 0
                        && status.getLeader() == status.getHeader().getMemberId()) {
                    return i;
                }
            } catch (ExecutionException e) {
                // It may be down; another may lead.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }
        return -1;
    }

    private RunReport report(
            History history, List<Event> truth, List<String> faults, List<Violation> violations) {
        var calls = history.calls();
        int sets = history.setCalls().size();
        return new RunReport(
                plan.seed(),
                plan.members(),
                plan.time().toSeconds(),
                calls.size() + sets,
                (int) calls.stream().filter(call -> call.unknown()).count(),
                history.watches().stream().mapToInt(log -> log.responses().size()).sum(),
                history.leases().size(),
                truth.size(),
                history.failures(),
                faults,
                violations,
                folder);
    }

    /** Ends the members and removes their networks; data and logs stay. */
    @Override
    public void close() throws IOException {
        try {
            members.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("not all members were ended");
        }
    }

    /** Removes data and logs, after {@link #close}. */
    public void removeFolder() throws IOException {
        FileTree.remove(folder);
    }
}
