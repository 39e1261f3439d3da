package io.skerry.base.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * What the JDK makes once in a process for TLS, tables of its curves above all: half of the time of
 * a short command's first handshake. A command that will need it lets it begin while it reads its
 * command line.
 */
public final class FirstHandshake {
    private FirstHandshake() {}

    /** Has everything made that the first message of a handshake needs; returns at once. */
    public static void prepare() {
        // No virtual one: the JVM keeps a thread in the kernel for them, for which every exit
        // waits.
        Thread.ofPlatform().daemon().name("first-handshake").start(FirstHandshake::begin);
    }

    private static void begin() {
        try {
            var _ = firstMessage();
        } catch (SSLException e) {
            // The connection itself will tell what is wrong.
        }
    }

    /** Nobody gets the message, so that what vouches for the other side does not matter. */
    static ByteBuffer firstMessage() throws SSLException {
        SSLEngine engine = TlsIdentity.trustingAnybody().createSSLEngine();
        engine.setUseClientMode(true);
        var message = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), message);
        return message.flip();
    }
}
