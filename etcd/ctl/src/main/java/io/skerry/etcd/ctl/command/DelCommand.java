package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.DeleteRangeRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.DeleteAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.Given;
import java.util.List;

/** Deletes keys. */
public final class DelCommand implements Command {
    static final List<Flag> FLAGS =
            List.of(
                    Flag.on("from-key", "all keys from this one on"),
                    Flag.on("prefix", "all keys that begin so"),
                    Flag.on("prev-kv", "show what was deleted"));

    @Override
    public String usage() {
        return "[FLAGS] KEY [RANGE_END]";
    }

    @Override
    public List<Flag> flags() {
        return FLAGS;
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        DeleteRangeRequest request = request(invocation.given());
        try (var remote = invocation.connect()) {
            invocation.print(new DeleteAnswer(remote.write(EtcdMethods.DELETE_RANGE, request)));
        }
    }

    static DeleteRangeRequest request(Given given) throws CtlFailure {
        if (given.words().isEmpty() || given.words().size() > 2) {
            throw CtlFailure.arguments(
                    "del command needs one argument as key and an optional argument as range_end");
        }
        KeySpan span = KeySpan.of(given);
        return DeleteRangeRequest.newBuilder()
                .setKey(span.start())
                .setRangeEnd(span.end())
                .setPrevKv(given.on("prev-kv"))
                .build();
    }
}
