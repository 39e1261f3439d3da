package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.AuthRoleGetResponse;
import io.etcd.jetcd.api.Permission;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.stream.Collectors;

/** What a role may read and write. */
public record RoleAnswer(AuthRoleGetResponse message, String role) implements Answer {
    private static final String TO_THE_END = "\0";

    @Override
    public String simple(Style style) {
        return "Role "
                + role
                + "\nKV Read:\n"
                + keys(Permission.Type.READ)
                + "KV Write:\n"
                + keys(Permission.Type.WRITE);
    }

    private String keys(Permission.Type way) {
        return message.getPermList().stream()
                .filter(permission ->
                        permission.getPermType() == way
                                || permission.getPermType() == Permission.Type.READWRITE)
                .map(permission -> "\t" + span(permission) + "\n")
                .collect(Collectors.joining());
    }

    private static String span(Permission permission) {
        String key = ByteText.of(permission.getKey());
        String end = ByteText.of(permission.getRangeEnd());
        if (end.isEmpty()) {
            return key;
        }
        String span = "[" + key + ", " + (end.equals(TO_THE_END) ? "<open ended>" : end + ")");
        return ByteText.prefixEnd(key).equals(end) ? span + " (prefix " + key + ")" : span;
    }

    @Override
    public String fields() {
        var fields = new Fields().header(message.getHeader());
        for (Permission permission : message.getPermList()) {
            fields.plain("PermType", " " + permission.getPermType())
                    .quoted("Key", permission.getKey())
                    .quoted("RangeEnd", permission.getRangeEnd());
        }
        return fields.toString();
    }
}
