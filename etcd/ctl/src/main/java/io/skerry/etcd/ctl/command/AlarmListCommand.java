package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmRequest.AlarmAction;
import io.etcd.jetcd.api.AlarmType;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.AlarmsAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;

/** Lists alarms. */
public final class AlarmListCommand implements Command {
    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.noWords("alarm list command accepts no arguments");
        var request =
                AlarmRequest.newBuilder()
                        .setAction(AlarmAction.GET)
                        .setAlarm(AlarmType.NONE)
                        .build();
        try (var remote = invocation.connect()) {
            invocation.print(new AlarmsAnswer(remote.read(EtcdMethods.ALARM, request)));
        }
    }
}
