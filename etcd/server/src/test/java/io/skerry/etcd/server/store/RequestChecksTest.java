package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestChecksTest {
    private static RequestOp put(String key) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(bytes(key)))
                .build();
    }

    private static RequestOp delete(String key, String end) {
        return RequestOp.newBuilder()
                .setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end)))
                .build();
    }

    private static RequestOp get(String key) {
        return RequestOp.newBuilder()
                .setRequestRange(RangeRequest.newBuilder().setKey(bytes(key)))
                .build();
    }

    private static RequestOp nested(List<RequestOp> then, List<RequestOp> otherwise) {
        return RequestOp.newBuilder()
                .setRequestTxn(TxnRequest.newBuilder().addAllSuccess(then).addAllFailure(otherwise))
                .build();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static String refusalOf(RequestOp... operations) {
        try {
            RequestChecks.check(
                    TxnRequest.newBuilder().addAllSuccess(Arrays.asList(operations)).build(),
                    RequestLimits.DEFAULT);
            return "none";
        } catch (RefusedException e) {
            return e.refusal().name();
        }
    }

    @Test
    void keyWrittenTwiceAtOneRevisionIsRefused() {
        assertThat(refusalOf(put("a"), put("b"))).isEqualTo("none");
        assertThat(refusalOf(put("a"), put("a"))).isEqualTo("DUPLICATE_KEY");
        assertThat(refusalOf(put("b"), delete("a", "c"))).isEqualTo("DUPLICATE_KEY");
        assertThat(refusalOf(delete("a", "c"), put("b"))).isEqualTo("DUPLICATE_KEY");
        assertThat(refusalOf(delete("a", "c"), put("c"))).isEqualTo("none");
        assertThat(refusalOf(delete("a", ""), delete("a", "c"))).isEqualTo("none");
        assertThat(refusalOf(put("z"), delete("a", "\0"))).isEqualTo("DUPLICATE_KEY");
    }

    @Test
    void nestedTxnsAreCheckedWithTheirSurroundings() {
        var putA = List.of(put("a"));
        assertThat(refusalOf(nested(putA, putA))).isEqualTo("none");
        assertThat(refusalOf(nested(putA, List.of(delete("a", ""))))).isEqualTo("none");
        assertThat(refusalOf(nested(putA, List.of()), put("a"))).isEqualTo("DUPLICATE_KEY");
        assertThat(refusalOf(nested(putA, List.of()), nested(List.of(), putA)))
                .isEqualTo("DUPLICATE_KEY");
        assertThat(refusalOf(nested(List.of(nested(putA, List.of())), List.of()), delete("a", "")))
                .isEqualTo("DUPLICATE_KEY");
        assertThat(refusalOf(nested(putA, List.of()), nested(List.of(delete("a", "b")), List.of())))
                .isEqualTo("DUPLICATE_KEY");
    }

    @Test
    void operationsAreCountedAlongEachBranch() {
        assertThat(refusalOf(Collections.nCopies(128, get("a")).toArray(new RequestOp[0])))
                .isEqualTo("none");
        assertThat(refusalOf(Collections.nCopies(129, get("a")).toArray(new RequestOp[0])))
                .isEqualTo("TOO_MANY_OPERATIONS");
        assertThat(refusalOf(nested(Collections.nCopies(127, get("a")), List.of())))
                .isEqualTo("none");
        assertThat(refusalOf(nested(Collections.nCopies(128, get("a")), List.of())))
                .isEqualTo("TOO_MANY_OPERATIONS");
    }

    @Test
    void operationsWithoutAKeyOrWithoutContentAreRefused() {
        assertThat(refusalOf(get(""))).isEqualTo("EMPTY_KEY");
        assertThat(refusalOf(put(""))).isEqualTo("EMPTY_KEY");
        assertThat(refusalOf(delete("", ""))).isEqualTo("EMPTY_KEY");
        assertThat(refusalOf(RequestOp.getDefaultInstance())).isEqualTo("KEY_NOT_FOUND");
    }
}
