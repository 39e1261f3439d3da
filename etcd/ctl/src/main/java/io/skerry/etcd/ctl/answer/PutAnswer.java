package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.PutResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;

/** A key was put, with what it was before if that was asked for. */
public record PutAnswer(PutResponse message) implements Answer {
    @Override
    public String simple(Style style) {
        return message.hasPrevKv() ? "OK\n" + KeyLines.of(message.getPrevKv(), style) : "OK\n";
    }

    @Override
    public String fields() {
        var fields = new Fields().header(message.getHeader());
        return (message.hasPrevKv() ? fields.keyValue("Prev", message.getPrevKv()) : fields)
                .toString();
    }
}
