package io.skerry.base.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/**
 * What the JDK makes once in a process for TLS, tables of its curves above all: half of the time of
 * a short command's first handshake. A command that will need it lets it begin while it reads its
 * command line and the files of its connection.
 */
public final class FirstHandshake {
    /** Of the certificates that this program makes, and offered by every client. */
    private static final String CURVE = "secp256r1";

    private FirstHandshake() {}

    /** Has everything made that the first message of a handshake needs; returns at once. */
    public static void prepare() {
        // No virtual one: the JVM keeps a thread in the kernel for them, for which every exit
        // waits.
        Thread.ofPlatform().daemon().name("first-handshake").start(FirstHandshake::begin);
    }

    private static void begin() {
        try {
            // First, since the connection itself comes to it last: by then it has made the rest.
            var _ = keys();
        } catch (GeneralSecurityException e) {
            return; // the connection itself will tell what is wrong
        }
        var _ = TlsIdentity.trustingAnybody();
    }

    /** As a handshake makes them. */
    static KeyPair keys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(CURVE));
        return generator.generateKeyPair();
    }
}
