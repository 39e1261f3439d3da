package io.skerry.containers.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MessageTest {
    @Test
    void fieldsComeBackByTheirNumbers() throws Exception {
        var message =
                Message.EMPTY
                        .with(1, "name")
                        .with(2, 7)
                        .with(3, Message.EMPTY.with(1, "inner"))
                        .with(4, Map.of("key", "value"))
                        .with(5, "one")
                        .with(5, "two");

        var read = new Message(UnknownFieldSet.parseFrom(message.fields().toByteString()));

        assertThat(read.text(1)).isEqualTo("name");
        assertThat(read.number(2)).isEqualTo(7);
        assertThat(read.message(3).text(1)).isEqualTo("inner");
        assertThat(read.table(4)).containsExactly(Map.entry("key", "value"));
        assertThat(read.texts(5)).containsExactly("one", "two");
    }

    @Test
    void whatIsNotThereIsTheDefault() {
        assertThat(Message.EMPTY.text(1)).isEmpty();
        assertThat(Message.EMPTY.number(1)).isZero();
        assertThat(Message.EMPTY.message(1).text(1)).isEmpty();
        assertThat(Message.EMPTY.messages(1)).isEmpty();
        assertThat(Message.EMPTY.with(1, "").has(1)).isFalse();
    }

    @Test
    void descriptorIsCheckedWhereItComesIn() {
        assertThatThrownBy(() -> new Descriptor("t", "sha256:../../etc/passwd", 1))
                .hasMessageContaining("64 hexadecimal digits");
        assertThatThrownBy(() -> new Descriptor("t", "sha256:" + "a".repeat(64), -1))
                .hasMessageContaining("negative");
    }
}
