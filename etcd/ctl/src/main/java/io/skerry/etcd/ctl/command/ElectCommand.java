package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.client.WatchEvent;
import io.skerry.etcd.client.WatchListener;
import io.skerry.etcd.client.WatchRequest;
import io.skerry.etcd.ctl.answer.RangeAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.recipe.Session;
import io.skerry.etcd.ctl.recipe.Turn;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/** Stands for election with a proposal and leads until it is interrupted, or tells who leads. */
public final class ElectCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS] NAME [PROPOSAL]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(Flag.on("listen", "only tell who leads").letter('l'));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        var words = invocation.words();
        if (words.isEmpty() || words.size() > 2) {
            throw CtlFailure.arguments(
                    "elect takes one election name argument and an optional proposal argument");
        }
        boolean listen = invocation.on("listen");
        if (!listen && words.size() == 1) {
            throw CtlFailure.arguments("no proposal argument but -l not set");
        }
        if (listen && words.size() == 2) {
            throw CtlFailure.arguments("proposal given but -l is set");
        }
        try (var remote = invocation.connect()) {
            if (listen) {
                observe(invocation, remote, Turn.prefix(words.getFirst()));
            } else {
                campaign(invocation, remote, words.getFirst(), words.get(1));
            }
        }
    }

    private static void campaign(Invocation invocation, Remote remote, String name, String proposal)
            throws CtlFailure, InterruptedException {
        try (var session = Session.open(remote, LockCommand.DEFAULT_SESSION)) {
            invocation.console().interrupts().accept(session::close);
            invocation.print(new RangeAnswer(Turn.queue(remote, session, name, proposal).await()));
            session.awaitEnd();
        }
    }

    /** What makes the observer look again, or end. */
    private sealed interface Cause {
        record Changed() implements Cause {}

        record Compacted() implements Cause {}

        record Refused(EtcdException reason) implements Cause {}

        record Interrupted() implements Cause {}
    }

    private static void observe(Invocation invocation, Remote remote, String prefix)
            throws CtlFailure, InterruptedException {
        var causes = new LinkedBlockingQueue<Cause>();
        invocation.console().interrupts().accept(() -> causes.add(new Cause.Interrupted()));
        var listener =
                new WatchListener() {
                    @Override
                    public void onEvents(long revision, List<WatchEvent> events) {
                        causes.add(new Cause.Changed());
                    }

                    @Override
                    public void onCompacted(long compactRevision) {
                        causes.add(new Cause.Compacted());
                    }

                    @Override
                    public void onRefused(EtcdException reason) {
                        causes.add(new Cause.Refused(reason));
                    }
                };
        KeyValue told = KeyValue.getDefaultInstance();
        while (true) {
            RangeResponse first = leader(remote, prefix);
            told = tell(invocation, first, told);
            var request =
                    WatchRequest.prefix(ByteText.toText(prefix))
                            .from(first.getHeader().getRevision() + 1);
            boolean compacted = false;
            try (var _ = remote.client().watch(request, listener)) {
                while (!compacted) {
                    switch (causes.take()) {
                        case Cause.Changed _ ->
                                told = tell(invocation, leader(remote, prefix), told);
                        case Cause.Compacted _ -> compacted = true;
                        case Cause.Refused(EtcdException reason) ->
                                throw CtlFailure.error(Remote.words(reason));
                        case Cause.Interrupted _ -> {
                            return;
                        }
                    }
                }
            }
        }
    }

    /** The oldest key of an election, if there is one. */
    private static RangeResponse leader(Remote remote, String prefix)
            throws CtlFailure, InterruptedException {
        return remote.read(
                EtcdMethods.RANGE,
                RangeRequest.newBuilder()
                        .setKey(ByteText.bytes(prefix))
                        .setRangeEnd(ByteText.bytes(ByteText.prefixEnd(prefix)))
                        .setSortTarget(RangeRequest.SortTarget.CREATE)
                        .setSortOrder(RangeRequest.SortOrder.ASCEND)
                        .setLimit(1)
                        .build());
    }

    /** Prints a leader unless it was told as it is; returns who was told last. */
    private static KeyValue tell(Invocation invocation, RangeResponse found, KeyValue told)
            throws CtlFailure {
        if (found.getKvsCount() == 0 || found.getKvs(0).equals(told)) {
            return told;
        }
        invocation.print(new RangeAnswer(found));
        return found.getKvs(0);
    }
}
