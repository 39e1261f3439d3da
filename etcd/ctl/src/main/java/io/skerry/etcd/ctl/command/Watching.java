package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchProgressRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.WatchAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.remote.Stream;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One watch: prints what happens, and goes on where it was when its stream breaks. */
final class Watching {
    private static final long PAUSE_MILLIS = 100;

    private final Invocation invocation;
    private final Remote remote;
    private final WatchArguments arguments;
    private volatile @Nullable Stream<WatchRequest, WatchResponse> stream;

    /** The next revision to be told of; 0: none was told yet. */
    private long next;

    Watching(Invocation invocation, Remote remote, WatchArguments arguments) {
        this.invocation = invocation;
        this.remote = remote;
        this.arguments = arguments;
        this.next = arguments.request().getStartRevision();
    }

    /** Returns when the server has ended the watch. */
    void run() throws CtlFailure, InterruptedException {
        while (true) {
            try (Stream<WatchRequest, WatchResponse> open = remote.stream(EtcdMethods.WATCH)) {
                open.send(WatchRequest.newBuilder().setCreateRequest(request()).build());
                stream = open;
                if (follow(open)) {
                    return;
                }
            } catch (GrpcException e) {
                if (e.code() == GrpcCode.CANCELLED) {
                    return; // the program ends
                }
                if (e.code() != GrpcCode.UNAVAILABLE) {
                    invocation.console().err().line("watch was canceled (" + Remote.words(e) + ")");
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private WatchCreateRequest request() {
        return arguments.request().toBuilder().setStartRevision(next).build();
    }

    /** Asks for the revision up to which everything was told. */
    void progress() {
        var open = stream;
        if (open != null) {
            open.send(
                    WatchRequest.newBuilder()
                            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                            .build());
        }
    }

    /** True when the server ended the watch, false when only the stream is over. */
    private boolean follow(Stream<WatchRequest, WatchResponse> open)
            throws GrpcException, CtlFailure, InterruptedException {
        for (Optional<WatchResponse> response = open.next();
                response.isPresent();
                response = open.next()) {
            if (take(response.get())) {
                return true;
            }
        }
        return false;
    }

    private boolean take(WatchResponse response) throws CtlFailure, InterruptedException {
        if (response.getCanceled()) {
            invocation.console().err().line("watch was canceled (" + reason(response) + ")");
            invocation.print(new WatchAnswer(response));
            return true;
        }
        if (response.getCreated()) {
            if (next == 0) {
                next = response.getHeader().getRevision() + 1;
            }
            return false;
        }
        if (response.getEventsCount() == 0) {
            invocation.line("progress notify: " + response.getHeader().getRevision());
        }
        invocation.print(new WatchAnswer(response));
        next = Math.max(next, response.getHeader().getRevision() + 1);
        if (!arguments.program().isEmpty()) {
            for (Event event : response.getEventsList()) {
                EventProgram.run(
                        invocation, arguments.program(), response.getHeader().getRevision(), event);
            }
        }
        return false;
    }

    private static String reason(WatchResponse response) {
        if (response.getCompactRevision() != 0) {
            return "etcdserver: mvcc: required revision has been compacted";
        }
        return ByteText.ofText(
                response.getCancelReason().isEmpty()
                        ? "etcdserver: mvcc: required revision is a future revision"
                        : response.getCancelReason());
    }

    /** What the program ends with after {@link #run}. */
    static CtlFailure ended() {
        return new CtlFailure(ExitStatus.INTERRUPTED, "watch is canceled by the server");
    }
}
