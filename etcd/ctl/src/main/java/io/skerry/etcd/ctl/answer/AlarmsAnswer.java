package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.AlarmMember;
import io.etcd.jetcd.api.AlarmResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Alarms and the members that raised them. */
public record AlarmsAnswer(AlarmResponse message) implements Answer {
    @Override
    public String simple(Style style) {
        return message.getAlarmsList().stream()
                .map(AlarmsAnswer::line)
                .collect(Collectors.joining());
    }

    private static String line(AlarmMember alarm) {
        var parts = new ArrayList<String>();
        if (alarm.getMemberID() != 0) {
            parts.add("memberID:" + Long.toUnsignedString(alarm.getMemberID()));
        }
        if (alarm.getAlarmValue() != 0) {
            parts.add("alarm:" + alarm.getAlarm());
        }
        return String.join(" ", List.copyOf(parts)) + " \n";
    }

    @Override
    public String fields() {
        var fields = new Fields().header(message.getHeader());
        for (AlarmMember alarm : message.getAlarmsList()) {
            fields.unsigned("MemberID", alarm.getMemberID())
                    .plain("AlarmType", alarm.getAlarm())
                    .blank();
        }
        return fields.toString();
    }
}
