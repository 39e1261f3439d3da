package io.skerry.etcd.ctl.answer;

import com.google.protobuf.Message;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;

/**
 * Something was done, and there is nothing to tell but that.
 *
 * @param line what the simple format says
 */
public record HeaderAnswer(Message message, ResponseHeader header, String line) implements Answer {
    @Override
    public String simple(Style style) {
        return line + "\n";
    }

    @Override
    public String fields() {
        return new Fields().header(header).toString();
    }
}
