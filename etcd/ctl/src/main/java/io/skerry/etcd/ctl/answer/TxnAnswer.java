package io.skerry.etcd.ctl.answer;

import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnResponse;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import java.util.stream.Collectors;

/** Which branch of a transaction ran, and what its requests brought. */
public record TxnAnswer(TxnResponse message) implements Answer {
    @Override
    public String simple(Style style) {
        return message.getResponsesList().stream()
                .map(response -> "\n" + part(response).simple(style))
                .collect(
                        Collectors.joining(
                                "", message.getSucceeded() ? "SUCCESS\n" : "FAILURE\n", ""));
    }

    @Override
    public String fields() {
        var fields =
                new Fields().header(message.getHeader()).plain("Succeeded", message.getSucceeded());
        message.getResponsesList()
                .forEach(response -> fields.all(String.valueOf(part(response).fields())));
        return fields.toString();
    }

    private static Answer part(ResponseOp response) {
        return switch (response.getResponseCase()) {
            case RESPONSE_RANGE -> new RangeAnswer(response.getResponseRange());
            case RESPONSE_PUT -> new PutAnswer(response.getResponsePut());
            case RESPONSE_DELETE_RANGE -> new DeleteAnswer(response.getResponseDeleteRange());
            case RESPONSE_TXN -> new TxnAnswer(response.getResponseTxn());
            case RESPONSE_NOT_SET -> throw new IllegalArgumentException("an empty response");
        };
    }
}
