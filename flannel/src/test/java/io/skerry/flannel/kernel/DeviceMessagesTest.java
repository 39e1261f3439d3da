package io.skerry.flannel.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.plan.DeviceSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** What the kernel is told of a device is laid out as what it tells. */
class DeviceMessagesTest {
    private static final int HEADER_BYTES = 16;
    private static final DeviceSpec.Ipip IPIP =
            new DeviceSpec.Ipip("flannel.ipip", 1480, Ip4.of("192.0.2.1"), 7);

    private static ByteBuffer body() {
        ByteBuffer message = DeviceMessages.add(IPIP).finish(1);
        return message.slice(HEADER_BYTES, message.limit() - HEADER_BYTES)
                .order(ByteOrder.nativeOrder());
    }

    @Test
    void ipipIsReadAsItIsWritten() {
        assertThat(DeviceMessages.read(body()).ours()).hasValue(IPIP);
    }

    @Test
    void ipipThatLeadsToOneHostIsAnother() {
        ByteBuffer body = body();
        int remote = body.limit();
        do {
            remote -= Integer.BYTES;
        } while (body.getShort(remote) != 8 || body.getShort(remote + 2) != 3);
        assertThat(body.getInt(remote + 4)).isZero();

        var seen = DeviceMessages.read(body.putInt(remote + 4, Ip4.of("192.0.2.2").bits()));

        assertThat(seen.kind()).isEqualTo("ipip");
        assertThat(seen.ours()).isEmpty();
    }
}
