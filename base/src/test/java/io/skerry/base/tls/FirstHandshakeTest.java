package io.skerry.base.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

class FirstHandshakeTest {
    @Test
    void preparesTheCurveThatAClientOffers() throws Exception {
        var key = (ECPublicKey) FirstHandshake.keys().getPublic();

        assertThat(key.getParams().toString()).contains("secp256r1");
        try (var socket =
                (SSLSocket) TlsIdentity.trustingAnybody().getSocketFactory().createSocket()) {
            var offered = socket.getSSLParameters().getNamedGroups();
            assertThat(offered == null || Arrays.asList(offered).contains("secp256r1")).isTrue();
        }
    }
}
