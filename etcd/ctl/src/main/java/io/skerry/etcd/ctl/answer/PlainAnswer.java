package io.skerry.etcd.ctl.answer;

import com.google.protobuf.Message;
import io.skerry.etcd.ctl.format.Answer;

/**
 * An answer that has no form as fields.
 *
 * @param lines what the simple format says, each line with its end
 */
public record PlainAnswer(Message message, String lines) implements Answer {
    @Override
    public String simple(Style style) {
        return lines;
    }
}
