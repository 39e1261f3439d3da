package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.ctl.answer.LeaseAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.format.Format;
import io.skerry.etcd.ctl.remote.LeaseRenewal;
import io.skerry.etcd.ctl.remote.Remote;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Renews a lease, once or until it ends. */
public final class LeaseKeepAliveCommand implements Command {
    private static final long RETRY_MILLIS = 500;

    @Override
    public String usage() {
        return "[FLAGS] LEASE";
    }

    @Override
    public List<Flag> flags() {
        return List.of(Flag.on("once", "one renewal only"));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        long id =
                LeaseIds.parse(
                        invocation.onlyWord("lease keep-alive command needs lease ID as argument"));
        try (var remote = invocation.connect()) {
            if (invocation.on("once")) {
                once(invocation, remote, id);
            } else {
                follow(invocation, remote, id);
            }
        }
    }

    private static void once(Invocation invocation, Remote remote, long id)
            throws CtlFailure, InterruptedException {
        LeaseKeepAliveResponse response;
        try {
            response = LeaseRenewal.once(remote, id);
        } catch (GrpcException e) {
            throw new CtlFailure(ExitStatus.BAD_CONNECTION, Remote.words(e));
        }
        if (response.getTTL() <= 0) {
            throw new CtlFailure(
                    ExitStatus.BAD_CONNECTION, "etcdserver: requested lease not found");
        }
        invocation.print(LeaseAnswer.renewed(response));
    }

    /** Renews three times in the lease's life; while no member answers, it may yet be saved. */
    private static void follow(Invocation invocation, Remote remote, long id)
            throws CtlFailure, InterruptedException {
        long endNanos = System.nanoTime() + remote.settings().commandTimeout().toNanos();
        while (true) {
            try {
                var response = LeaseRenewal.once(remote, id);
                if (response.getTTL() <= 0) {
                    break;
                }
                invocation.print(LeaseAnswer.renewed(response));
                endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(response.getTTL());
                TimeUnit.MILLISECONDS.sleep(Math.max(RETRY_MILLIS, response.getTTL() * 1000 / 3));
            } catch (GrpcException e) {
                if (e.code() != GrpcCode.UNAVAILABLE) {
                    throw new CtlFailure(ExitStatus.BAD_CONNECTION, Remote.words(e));
                }
                if (System.nanoTime() - endNanos > 0) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
        if (invocation.format() == Format.SIMPLE) {
            invocation.line("lease %016x expired or revoked.".formatted(id));
        }
    }
}
