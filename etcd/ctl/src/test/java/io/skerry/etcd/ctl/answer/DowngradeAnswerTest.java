package io.skerry.etcd.ctl.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.etcd.client.Downgrade;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Format;
import io.skerry.etcd.ctl.format.Lines;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The formats of what is told of a downgrade. */
class DowngradeAnswerTest {
    private static final Downgrade RESPONSE =
            new Downgrade(
                    ResponseHeader.newBuilder()
                            .setClusterId(-1)
                            .setMemberId(2)
                            .setRevision(3)
                            .setRaftTerm(4)
                            .build(),
                    "3.6.0");

    private static byte[] printed(Format format, Downgrade.Action action) throws CtlFailure {
        var out = new ByteArrayOutputStream();
        format.print(
                new DowngradeAnswer(action, RESPONSE),
                new Answer.Style(false, false),
                new Lines(out));
        return out.toByteArray();
    }

    @Test
    void saysWhatIsGrantedAndTheClustersVersion() throws Exception {
        for (var action : Downgrade.Action.values()) {
            assertThat(printed(Format.SIMPLE, action))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualToIgnoringCase(
                            "Downgrade " + action + " success, cluster version 3.6.0\n")
                    .startsWith("Downgrade " + action.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    @Test
    void jsonAndProtobufHoldTheWholeResponse() throws Exception {
        assertThat(printed(Format.JSON, Downgrade.Action.ENABLE))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(
                        "{\"header\":{\"cluster_id\":18446744073709551615,\"member_id\":2,"
                                + "\"revision\":3,\"raft_term\":4},\"version\":\"3.6.0\"}\n");
        var sent = UnknownFieldSet.parseFrom(printed(Format.PROTOBUF, Downgrade.Action.CANCEL));
        assertThat(Downgrade.decode(sent)).isEqualTo(RESPONSE);
    }

    @Test
    void hasNoFormAsFieldsOrTable() {
        for (Format format : new Format[] {Format.FIELDS, Format.TABLE}) {
            assertThatThrownBy(() -> printed(format, Downgrade.Action.VALIDATE))
                    .isInstanceOf(CtlFailure.class)
                    .hasMessageContaining("not supported as output format");
        }
    }
}
