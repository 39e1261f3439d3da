package io.skerry.flannel.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WireguardKeyTest {
    private static final String PRIVATE = "kLtmTNGnt5spM50+GE+5NrQ3ZQucwDCW//G42W+u7Fg=";

    @Test
    void publicKeyIsTheOneThatWgMakesOfThePrivate() {
        var secret = WireguardSecret.parse(PRIVATE).orElseThrow();

        assertThat(secret.publicKey().text())
                .isEqualTo("2bn5DQsQGlq3P0428Diz/fplRCPBUZvlc/5zzCnlgGI=");
        assertThat(WireguardKey.parse(secret.publicKey().text())).contains(secret.publicKey());
        assertThat(WireguardSecret.ofChance(secret.bytes())).isEqualTo(secret);
    }

    @Test
    void secretDoesNotShowItself() {
        var secret = WireguardSecret.parse(PRIVATE).orElseThrow();

        assertThat("a " + secret).isEqualTo("a secret");
    }

    @Test
    void whatIsNo32BytesIsNoKey() {
        assertThat(WireguardKey.parse("")).isEmpty();
        assertThat(WireguardKey.parse("nonsense!")).isEmpty();
        assertThat(WireguardKey.parse("AAAA")).isEmpty();
        assertThat(WireguardKey.parse(PRIVATE.replace("Fg=", "Fh="))).isEmpty();
        assertThat(WireguardSecret.parse(PRIVATE + "\n")).isEmpty();
    }
}
