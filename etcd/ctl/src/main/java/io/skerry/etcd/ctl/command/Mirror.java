package io.skerry.etcd.ctl.command;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.remote.Console;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.text.ByteText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies the keys of a prefix from one cluster to another: first all of one revision, then each
 * change in order. What one revision changed is written in one transaction as far as the
 * destination allows its size. One thread copies; another prints how many keys were written.
 */
final class Mirror {
    private static final Duration REPORT = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 100;
    private static final int PAGE = 1000;

    private final Remote source;
    private final Remote target;
    private final MakeMirrorCommand.Renaming renaming;
    private final int mostOperations;
    private final AtomicLong written = new AtomicLong();

    Mirror(Remote source, Remote target, MakeMirrorCommand.Renaming renaming, int mostOperations) {
        this.source = source;
        this.target = target;
        this.renaming = renaming;
        this.mostOperations = mostOperations;
    }

    /**
     * Goes on until something fails.
     *
     * @param fromRevision only changes from there on are copied; 0: all keys first
     */
    void run(long fromRevision, Console console) throws CtlFailure, InterruptedException {
        Thread reporter = Thread.ofVirtual().start(() -> report(console));
        try {
            follow(fromRevision == 0 ? copyAll() + 1 : fromRevision);
        } finally {
            reporter.interrupt();
            reporter.join();
        }
    }

    private void report(Console console) {
        try {
            while (true) {
                Thread.sleep(REPORT);
                console.out().line(Long.toString(written.get()));
            }
        } catch (InterruptedException e) {
            // The mirror has ended.
        }
    }

    /** Returns the revision that was copied. */
    private long copyAll() throws CtlFailure, InterruptedException {
        var page = RangeRequest.newBuilder().setKey(start()).setRangeEnd(end()).setLimit(PAGE);
        while (true) {
            var found = source.read(EtcdMethods.RANGE, page.build());
            long revision =
                    page.getRevision() == 0 ? found.getHeader().getRevision() : page.getRevision();
            for (KeyValue keyValue : found.getKvsList()) {
                target.call(
                        EtcdMethods.PUT,
                        put(keyValue),
                        Remote.Effect.READS, // writing it twice does no harm
                        ExitStatus.ERROR);
                written.incrementAndGet();
            }
            if (!found.getMore()) {
                return revision;
            }
            var last = found.getKvs(found.getKvsCount() - 1).getKey();
            page.setRevision(revision).setKey(last.concat(ByteText.bytes("\0")));
        }
    }

    private void follow(long fromRevision) throws CtlFailure, InterruptedException {
        long next = fromRevision;
        while (true) {
            try (var stream = source.stream(EtcdMethods.WATCH)) {
                stream.send(watch(next));
                for (var response = stream.next(); response.isPresent(); response = stream.next()) {
                    next = take(response.get(), next);
                }
            } catch (GrpcException e) {
                if (e.code() != GrpcCode.UNAVAILABLE) {
                    throw CtlFailure.error(Remote.words(e));
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private WatchRequest watch(long next) {
        var create = WatchCreateRequest.newBuilder().setKey(start()).setRangeEnd(end());
        return WatchRequest.newBuilder().setCreateRequest(create.setStartRevision(next)).build();
    }

    private ByteString start() {
        return ByteText.bytes(renaming.prefix().isEmpty() ? "\0" : renaming.prefix());
    }

    private ByteString end() {
        return ByteText.bytes(ByteText.prefixEnd(renaming.prefix()));
    }

    /** Returns the next revision that is still to be copied. */
    private long take(WatchResponse response, long next) throws CtlFailure, InterruptedException {
        if (response.getCanceled()) {
            throw CtlFailure.error(
                    response.getCompactRevision() > 0
                            ? "etcdserver: mvcc: required revision has been compacted"
                            : ByteText.ofText(response.getCancelReason()));
        }
        var together = new ArrayList<Event>();
        long done = next;
        for (Event event : response.getEventsList()) {
            long revision = event.getKv().getModRevision();
            if (revision < next) {
                continue;
            }
            if (!together.isEmpty() && revision != done - 1) {
                write(together);
                together.clear();
            }
            together.add(event);
            done = revision + 1;
        }
        write(together);
        return done;
    }

    private void write(List<Event> events) throws CtlFailure, InterruptedException {
        for (int start = 0; start < events.size(); start += mostOperations) {
            var some = events.subList(start, Math.min(events.size(), start + mostOperations));
            var request = TxnRequest.newBuilder();
            some.forEach(event -> request.addSuccess(operation(event)));
            target.call(
                    EtcdMethods.TXN,
                    request.build(),
                    Remote.Effect.READS, // in order, so that twice is as good as once
                    ExitStatus.ERROR);
            written.addAndGet(some.size());
        }
    }

    private RequestOp operation(Event event) {
        return event.getType() == Event.EventType.DELETE
                ? RequestOp.newBuilder()
                        .setRequestDeleteRange(
                                DeleteRangeRequest.newBuilder()
                                        .setKey(ByteText.bytes(there(event.getKv()))))
                        .build()
                : RequestOp.newBuilder().setRequestPut(put(event.getKv())).build();
    }

    private PutRequest put(KeyValue keyValue) {
        return PutRequest.newBuilder()
                .setKey(ByteText.bytes(there(keyValue)))
                .setValue(keyValue.getValue())
                .build();
    }

    private String there(KeyValue keyValue) {
        return renaming.of(ByteText.of(keyValue.getKey()));
    }
}
