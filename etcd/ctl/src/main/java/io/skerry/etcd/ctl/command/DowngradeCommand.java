package io.skerry.etcd.ctl.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.skerry.etcd.client.Downgrade;
import io.skerry.etcd.client.Downgrade.Action;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.DowngradeAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.text.ByteText;

/** Asks whether the cluster may go back to an older version, lets it go there, or stops that. */
public record DowngradeCommand(Action action) implements Command {
    @Override
    public String usage() {
        return action == Action.CANCEL ? "" : "TARGET_VERSION";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        var request = action.request(target(invocation));
        try (var remote = invocation.connect()) {
            UnknownFieldSet response =
                    action == Action.VALIDATE
                            ? remote.read(EtcdMethods.DOWNGRADE, request)
                            : remote.write(EtcdMethods.DOWNGRADE, request);
            invocation.print(new DowngradeAnswer(action, Downgrade.decode(response)));
        } catch (InvalidProtocolBufferException e) {
            throw new CtlFailure(
                    ExitStatus.ERROR, "the response's header cannot be read: " + e.getMessage());
        }
    }

    /** Who cancels may name the version, as the original's scripts do; it counts for nothing. */
    private ByteString target(Invocation invocation) throws CtlFailure {
        if (action == Action.CANCEL) {
            return ByteString.EMPTY;
        }
        if (invocation.words().size() > 1) {
            throw CtlFailure.arguments("too many arguments");
        }
        String version = invocation.onlyWord("TARGET_VERSION not provided");
        if (version.isEmpty()) {
            throw CtlFailure.arguments("target version not provided");
        }
        return ByteText.bytes(version);
    }
}
