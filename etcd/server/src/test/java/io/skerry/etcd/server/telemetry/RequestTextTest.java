package io.skerry.etcd.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import org.junit.jupiter.api.Test;

/** Requests in logs tell keys and sizes, and never a value or a secret. */
class RequestTextTest {
    private static final PutRequest PUT =
            PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("k"))
                    .setValue(ByteString.copyFromUtf8("secret"))
                    .setLease(0x1f)
                    .build();

    @Test
    void rangeTellsItsKeysAndLimits() {
        var range =
                RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("a"))
                        .setRangeEnd(ByteString.copyFrom(new byte[] {'b', 0}))
                        .setLimit(5)
                        .setRevision(7)
                        .setKeysOnly(true)
                        .build();
        assertThat(RequestText.of(range))
                .isEqualTo("range key:a range_end:b\\000 limit:5 revision:7 keys_only:true");
    }

    @Test
    void putTellsTheSizeOfItsValueOnly() {
        assertThat(RequestText.of(PUT)).isEqualTo("put key:k value_size:6 lease:1f");
    }

    @Test
    void txnTellsItsFirstOperationsAndHowManyMoreThereAre() {
        var txn =
                TxnRequest.newBuilder()
                        .addCompare(
                                Compare.newBuilder()
                                        .setKey(ByteString.copyFromUtf8("c"))
                                        .setTarget(Compare.CompareTarget.VALUE)
                                        .setValue(ByteString.copyFromUtf8("secret")));
        for (int i = 0; i < 10; i++) {
            txn.addSuccess(RequestOp.newBuilder().setRequestPut(PUT));
        }
        assertThat(RequestText.of(txn.build()))
                .startsWith("txn compare:< VALUE EQUAL key:c> success:< put key:k value_size:6")
                .contains(" and 2 more> failure:<>")
                .doesNotContain("secret");
    }

    @Test
    void longKeysAreCut() {
        var range =
                RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("x".repeat(500))).build();
        assertThat(RequestText.of(range))
                .isEqualTo("range key:" + "x".repeat(128) + "...(500 bytes)");
    }

    @Test
    void loginsTellNothing() {
        var login = AuthenticateRequest.newBuilder().setName("root").setPassword("secret").build();
        assertThat(RequestText.of(login)).isEqualTo("size:" + login.getSerializedSize());
    }
}
