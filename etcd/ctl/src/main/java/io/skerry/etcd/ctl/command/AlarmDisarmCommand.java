package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmRequest.AlarmAction;
import io.etcd.jetcd.api.AlarmResponse;
import io.etcd.jetcd.api.AlarmType;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.AlarmsAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;

/** Takes back every alarm that there is. */
public final class AlarmDisarmCommand implements Command {
    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.noWords("alarm disarm command accepts no arguments");
        var all = AlarmRequest.newBuilder().setAction(AlarmAction.GET).build();
        try (var remote = invocation.connect()) {
            var raised = remote.read(EtcdMethods.ALARM, all).getAlarmsList();
            var disarmed = AlarmResponse.newBuilder();
            for (var alarm : raised) {
                if (alarm.getAlarm() == AlarmType.NONE) {
                    continue;
                }
                var request =
                        AlarmRequest.newBuilder()
                                .setAction(AlarmAction.DEACTIVATE)
                                .setMemberID(alarm.getMemberID())
                                .setAlarm(alarm.getAlarm())
                                .build();
                disarmed.addAllAlarms(remote.write(EtcdMethods.ALARM, request).getAlarmsList());
            }
            invocation.print(new AlarmsAnswer(disarmed.build()));
        }
    }
}
