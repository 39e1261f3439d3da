package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.AuthRoleListResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.text.ByteText;
import io.skerry.etcd.ctl.text.Quoting;
import java.util.stream.Collectors;

/**
 * The roles there are.
 *
 * @param names a line each
 */
public record RolesAnswer(AuthRoleListResponse message, String names) implements Answer {
    @Override
    public String simple(Style style) {
        return names;
    }

    @Override
    public String fields() {
        return new Fields()
                .header(message.getHeader())
                .all(
                        message.getRolesList().asByteStringList().stream()
                                .map(role -> " " + Quoting.quote(ByteText.of(role)))
                                .collect(Collectors.joining("", "\"Roles\" :", "\n")))
                .toString();
    }
}
