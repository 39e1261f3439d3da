package io.skerry.base.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FirstHandshakeTest {
    private static final byte HANDSHAKE_RECORD = 22;

    @Test
    void preparesAsFarAsTheFirstMessage() throws Exception {
        var message = FirstHandshake.firstMessage();

        assertThat(message.remaining()).isGreaterThan(100);
        assertThat(message.get(0)).isEqualTo(HANDSHAKE_RECORD);
    }
}
