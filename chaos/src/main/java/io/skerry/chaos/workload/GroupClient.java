package io.skerry.chaos.workload;

import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.base.grpc.GrpcException;
import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.Outcome;
import io.skerry.chaos.history.Request;
import io.skerry.etcd.client.EtcdMethods;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes groups of keys. A group is left for a new one after some hundred calls, so that
 * the search for an order stays short however long the run is.
 */
final class GroupClient implements Workload.Runner {
    private static final int GROUPS_AT_A_TIME = 3;
    private static final int CALLS_PER_GROUP = 250;

    private final String prefix;
    private final List<String> names;
    private Map<String, String> lastSeen = Map.of();
    private String lastGroup = "";

    private GroupClient(String prefix, List<String> names) {
        this.prefix = prefix;
        this.names = names;
    }

    static GroupClient registers() {
        return new GroupClient(WorkloadKeys.REGISTERS, List.of("a"));
    }

    static GroupClient transactions() {
        return new GroupClient(WorkloadKeys.TRANSACTIONS, List.of("a", "b", "c"));
    }

    @Override
    public void run(ClientContext context) throws InterruptedException {
        while (!context.stopped()) {
            long generation = context.count() / (GROUPS_AT_A_TIME * CALLS_PER_GROUP);
            long number =
                    generation * GROUPS_AT_A_TIME + context.random().nextInt(GROUPS_AT_A_TIME);
            String group = prefix + number + "/";
            if (!group.equals(lastGroup)) {
                lastGroup = group;
                lastSeen = Map.of();
            }
            call(context, group, request(context, group));
            context.pause();
        }
    }

    private Request request(ClientContext context, String group) {
        int dice = context.random().nextInt(10);
        if (dice < 4) {
            return new Request.Read();
        }
        if (dice < 7) {
            return new Request.Write(changes(context, group, false));
        }
        // A register is deleted blindly; of several keys only such as are known to be there.
        if (names.size() == 1 && dice == 7) {
            return new Request.Write(Map.of(group + names.getFirst(), Optional.empty()));
        }
        var expected = new HashMap<String, Optional<String>>();
        for (String name : names) {
            String key = group + name;
            expected.put(key, Optional.ofNullable(lastSeen.get(key)));
        }
        return new Request.Guarded(expected, changes(context, group, true));
    }

    private Map<String, Optional<String>> changes(
            ClientContext context, String group, boolean guarded) {
        var changes = new HashMap<String, Optional<String>>();
        for (String name : names) {
            String key = group + name;
            boolean delete =
                    guarded && lastSeen.containsKey(key) && context.random().nextInt(6) == 0;
            if (delete) {
                changes.put(key, Optional.empty());
            } else if (names.size() == 1 || context.random().nextInt(3) > 0) {
                changes.put(key, Optional.of(context.newValue()));
            }
        }
        if (changes.isEmpty()) {
            changes.put(group + names.getFirst(), Optional.of(context.newValue()));
        }
        return changes;
    }

    private void call(ClientContext context, String group, Request request)
            throws InterruptedException {
        long invoked = context.now();
        @Nullable Outcome outcome;
        try {
            outcome = outcome(context, group, request);
        } catch (GrpcException e) {
            boolean ofNoUse = request instanceof Request.Read || ClientContext.notCarriedOut(e);
            outcome = ofNoUse ? null : new Outcome.Unknown();
        }
        if (outcome == null) {
            return;
        }
        long returned = outcome instanceof Outcome.Unknown ? Call.NEVER : context.now();
        // A deletion that found nothing made no revision: it was a read.
        Request kept = outcome instanceof Outcome.Seen ? new Request.Read() : request;
        context.history().add(new Call(context.number(), group, kept, outcome, invoked, returned));
        switch (outcome) {
            case Outcome.Seen(var state, long _) -> lastSeen = state;
            case Outcome.Refused(var state, long _) -> lastSeen = state;
            case Outcome.Written _, Outcome.Unknown _ -> {}
        }
    }

    private static Outcome outcome(ClientContext context, String group, Request request)
            throws GrpcException, InterruptedException {
        return switch (request) {
            case Request.Read _ -> {
                var response = context.call(EtcdMethods.RANGE, Messages.prefix(group));
                yield new Outcome.Seen(
                        Messages.state(response), response.getHeader().getRevision());
            }
            case Request.Write(var changes) when changes.size() == 1 ->
                    single(context, changes.entrySet().iterator().next());
            case Request.Write(var changes) -> txn(context, group, Map.of(), changes);
            case Request.Guarded(var expected, var changes) ->
                    txn(context, group, expected, changes);
        };
    }

    private static Outcome single(ClientContext context, Map.Entry<String, Optional<String>> change)
            throws GrpcException, InterruptedException {
        var key = Messages.bytes(change.getKey());
        if (change.getValue().isPresent()) {
            var put =
                    PutRequest.newBuilder()
                            .setKey(key)
                            .setValue(Messages.bytes(change.getValue().get()))
                            .build();
            return new Outcome.Written(
                    context.call(EtcdMethods.PUT, put).getHeader().getRevision());
        }
        var response =
                context.call(
                        EtcdMethods.DELETE_RANGE,
                        DeleteRangeRequest.newBuilder().setKey(key).build());
        long revision = response.getHeader().getRevision();
        return response.getDeleted() == 0
                ? new Outcome.Seen(Map.of(), revision)
                : new Outcome.Written(revision);
    }

    private static Outcome txn(
            ClientContext context,
            String group,
            Map<String, Optional<String>> expected,
            Map<String, Optional<String>> changes)
            throws GrpcException, InterruptedException {
        var txn = TxnRequest.newBuilder();
        expected.forEach((key, value) -> txn.addCompare(Messages.expectation(key, value)));
        changes.forEach((key, value) -> txn.addSuccess(Messages.change(key, value)));
        txn.addFailure(RequestOp.newBuilder().setRequestRange(Messages.prefix(group)));
        var response = context.call(EtcdMethods.TXN, txn.build());
        long revision = response.getHeader().getRevision();
        return response.getSucceeded()
                ? new Outcome.Written(revision)
                : new Outcome.Refused(
                        Messages.state(response.getResponses(0).getResponseRange()), revision);
    }
}
