package io.skerry.chaos.workload;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The workloads' requests as etcd's messages. */
final class Messages {
    private Messages() {}

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /** All keys that begin with a prefix, which ends with a slash. */
    static RangeRequest prefix(String prefix) {
        return RangeRequest.newBuilder().setKey(bytes(prefix)).setRangeEnd(end(prefix)).build();
    }

    static ByteString end(String prefix) {
        // '0' is the character behind '/'.
        return bytes(prefix.substring(0, prefix.length() - 1) + "0");
    }

    static RangeRequest key(String key) {
        return RangeRequest.newBuilder().setKey(bytes(key)).build();
    }

    static Map<String, String> state(RangeResponse response) {
        var state = new HashMap<String, String>();
        response.getKvsList()
                .forEach(kv -> state.put(kv.getKey().toStringUtf8(), kv.getValue().toStringUtf8()));
        return state;
    }

    static RequestOp change(String key, Optional<String> value) {
        return value.map(v ->
                        RequestOp.newBuilder()
                                .setRequestPut(
                                        PutRequest.newBuilder()
                                                .setKey(bytes(key))
                                                .setValue(bytes(v)))
                                .build())
                .orElseGet(() ->
                        RequestOp.newBuilder()
                                .setRequestDeleteRange(
                                        DeleteRangeRequest.newBuilder().setKey(bytes(key)))
                                .build());
    }

    static Compare expectation(String key, Optional<String> value) {
        var compare = Compare.newBuilder().setKey(bytes(key));
        compare.setResult(Compare.CompareResult.EQUAL);
        value.ifPresentOrElse(
                v -> compare.setTarget(Compare.CompareTarget.VALUE).setValue(bytes(v)),
                () -> compare.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(0));
        return compare.build();
    }

    /** That a key is there since a revision; 0: that it is not there. */
    static Compare created(String key, long revision) {
        return Compare.newBuilder()
                .setKey(bytes(key))
                .setResult(Compare.CompareResult.EQUAL)
                .setTarget(Compare.CompareTarget.CREATE)
                .setCreateRevision(revision)
                .build();
    }
}
