package io.skerry.etcd.ctl.command;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.process.ChildProgram;
import io.skerry.etcd.ctl.text.ByteText;
import io.skerry.etcd.ctl.text.Quoting;
import java.util.List;
import java.util.Map;

/** Runs a program for an event, which is told by its environment. */
final class EventProgram {
    private EventProgram() {}

    static void run(Invocation invocation, List<String> program, long revision, Event event)
            throws CtlFailure, InterruptedException {
        int status =
                ChildProgram.start(
                                program,
                                Map.of(
                                        "ETCD_WATCH_REVISION",
                                        Long.toString(revision),
                                        "ETCD_WATCH_EVENT_TYPE",
                                        "\"" + event.getType() + "\"",
                                        "ETCD_WATCH_KEY",
                                        quoted(event.getKv().getKey()),
                                        "ETCD_WATCH_VALUE",
                                        quoted(event.getKv().getValue())),
                                invocation.console())
                        .awaitEnd();
        if (status != 0) {
            invocation
                    .console()
                    .err()
                    .line(
                            "command %s error (exit status %d)"
                                    .formatted(Quoting.quote(program.toString()), status));
            throw CtlFailure.told(ExitStatus.ERROR);
        }
    }

    private static String quoted(ByteString bytes) {
        return Quoting.quote(ByteText.of(bytes));
    }
}
