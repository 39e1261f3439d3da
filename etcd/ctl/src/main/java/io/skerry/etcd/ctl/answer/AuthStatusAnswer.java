package io.skerry.etcd.ctl.answer;

import io.skerry.etcd.client.AuthStatus;
import io.skerry.etcd.ctl.format.Answer;

/** Whether authentication is on. */
public record AuthStatusAnswer(AuthStatus status) implements Answer {
    @Override
    public String simple(Style style) {
        return "Authentication Status: %s%nAuthRevision: %d%n"
                .formatted(status.enabled(), status.authRevision());
    }
}
