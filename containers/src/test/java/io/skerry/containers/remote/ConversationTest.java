package io.skerry.containers.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.containers.containerd.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConversationTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int WINDOW = 8;
    private static final Message PART = part(1);

    private final Sent sent = new Sent();
    private final Conversation conversation = new Conversation().to(sent);

    private static Message part(int bytes) {
        return Message.EMPTY.with(Conversation.DATA, ByteString.copyFrom(new byte[bytes]));
    }

    @Test
    void anySizeComesThroughWhileEachPartIsTaken() throws Exception {
        for (int i = 0; i < 10 * WINDOW; i++) {
            conversation.message(PART.fields());
            assertThat(conversation.next(SOON)).isEqualTo(PART);
        }

        assertThat(sent.messages).isEqualTo(10 * WINDOW);
        assertThat(sent.failures).isEmpty();
    }

    @Test
    void whoSendsMorePartsThanMayBeUnderWayIsRefused() throws Exception {
        for (int i = 0; i < WINDOW; i++) {
            conversation.message(PART.fields());
        }
        assertThat(sent.failures).isEmpty();

        conversation.message(PART.fields());
        conversation.message(PART.fields());

        assertThat(sent.failures).containsExactly(GrpcCode.RESOURCE_EXHAUSTED);
        for (int i = 0; i < WINDOW; i++) {
            assertThat(conversation.next(SOON)).isEqualTo(PART);
        }
        assertThatThrownBy(() -> conversation.next(SOON))
                .isInstanceOf(GrpcException.class)
                .hasMessageContaining("8 parts");
    }

    @Test
    void partsThatArePassedOnAreTakenByTheOneTheyGoTo() {
        var other = new Sent();
        conversation.passOnTo(other);
        for (int i = 0; i < WINDOW; i++) {
            conversation.message(PART.fields());
        }
        conversation.send(Message.EMPTY.with(Conversation.TAKEN, 1));
        conversation.message(PART.fields());
        assertThat(sent.failures).isEmpty();

        conversation.message(PART.fields());

        assertThat(sent.failures).containsExactly(GrpcCode.RESOURCE_EXHAUSTED);
        assertThat(other.failures).containsExactly(GrpcCode.RESOURCE_EXHAUSTED);
        assertThat(other.messages).isEqualTo(WINDOW + 1);
    }

    @Test
    void messagesThatAreTooLongOrTooManyAreRefused() {
        conversation.message(part(3 * Conversation.PART_BYTES).fields());
        assertThat(sent.failures).containsExactly(GrpcCode.RESOURCE_EXHAUSTED);

        var later = new Sent();
        var another = new Conversation().to(later);
        for (int i = 0; i < 64; i++) {
            another.message(Message.EMPTY.with(Conversation.WINDOW, "24 80").fields());
        }
        assertThat(later.failures).isEmpty();
        another.message(Message.EMPTY.with(Conversation.WINDOW, "24 80").fields());
        assertThat(later.failures).containsExactly(GrpcCode.RESOURCE_EXHAUSTED);
    }

    /** What went to the other side. */
    private static final class Sent implements GrpcOutbound {
        private final List<GrpcCode> failures = new ArrayList<>();
        private int messages;

        @Override
        public void send(ByteString encodedMessage) {
            messages++;
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public void onReady(Runnable whenBelowMark) {}

        @Override
        public void complete() {}

        @Override
        public void fail(GrpcException reason) {
            failures.add(reason.code());
        }
    }
}
