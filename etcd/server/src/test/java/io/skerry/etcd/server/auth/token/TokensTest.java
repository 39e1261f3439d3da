package io.skerry.etcd.server.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.process.Command;
import io.skerry.base.time.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @TempDir Path directory;

    private static Clock at(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }

    private Path openssl(String name, String... arguments) throws Exception {
        var file = directory.resolve(name);
        var line = new ArrayList<>(List.of("openssl"));
        line.addAll(List.of(arguments));
        line.addAll(List.of("-out", file.toString()));
        Command.of(line).check();
        return file;
    }

    private static JwtTokens jwt(String spec, Instant time) throws IOException {
        return JwtTokens.open((TokenSpec.Jwt) TokenSpec.parse(spec), at(time));
    }

    private static void assertSignsAndVerifies(String spec) throws IOException {
        var tokens = jwt(spec, NOW);
        var token = Objects.requireNonNull(tokens.create("bob", 7));
        assertThat(tokens.find(token)).isEqualTo(new Tokens.Holder("bob", 7));
        int at = token.lastIndexOf('.') + 5;
        char other = token.charAt(at) == 'A' ? 'B' : 'A';
        assertThat(tokens.find(token.substring(0, at) + other + token.substring(at + 1))).isNull();
        assertThat(jwt(spec, NOW.plus(Duration.ofMinutes(6))).find(token)).isNull();
    }

    @Test
    void everySignMethodSignsWhatItVerifiesAndNoForgery() throws Exception {
        var rsa = openssl("rsa", "genpkey", "-algorithm", "RSA");
        for (var method : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")) {
            assertSignsAndVerifies("jwt,sign-method=" + method + ",priv-key=" + rsa);
        }
        assertCurve("ES256", "prime256v1");
        assertCurve("ES384", "secp384r1");
        assertCurve("ES512", "secp521r1");
        var ed = openssl("ed", "genpkey", "-algorithm", "ED25519");
        assertSignsAndVerifies("jwt,sign-method=EdDSA,priv-key=" + ed);
        var secret = Files.writeString(directory.resolve("secret"), "a shared secret of members");
        for (var method : List.of("HS256", "HS384", "HS512")) {
            assertSignsAndVerifies("jwt,sign-method=" + method + ",priv-key=" + secret);
        }
    }

    private void assertCurve(String method, String curve) throws Exception {
        var older = openssl(curve, "ecparam", "-name", curve, "-genkey", "-noout");
        assertSignsAndVerifies("jwt,sign-method=" + method + ",priv-key=" + older);
        var newer = openssl(curve + "8", "pkcs8", "-topk8", "-nocrypt", "-in", older.toString());
        assertSignsAndVerifies("jwt,sign-method=" + method + ",priv-key=" + newer);
    }

    @Test
    void aMemberWithOnlyThePublicKeyVerifiesAndCannotSign() throws Exception {
        var key = openssl("key", "genrsa", "-traditional");
        var publicKey = openssl("pub", "rsa", "-in", key.toString(), "-pubout");
        var signer = jwt("jwt,sign-method=RS256,priv-key=" + key + ",pub-key=" + publicKey, NOW);
        var verifier = jwt("jwt,sign-method=RS256,pub-key=" + publicKey, NOW);
        var token = Objects.requireNonNull(signer.create("bob", 3));
        assertThat(verifier.find(token)).isEqualTo(new Tokens.Holder("bob", 3));
        assertThat(verifier.create("bob", 3)).isNull();
    }

    @Test
    void aTokenSignedByAnotherMethodOrWithoutAnyIsRefused() throws Exception {
        var secret = Files.writeString(directory.resolve("secret"), "a shared secret");
        var tokens = jwt("jwt,sign-method=HS256,priv-key=" + secret, NOW);
        var other = jwt("jwt,sign-method=HS512,priv-key=" + secret, NOW);
        assertThat(tokens.find(Objects.requireNonNull(other.create("root", 1)))).isNull();
        assertThat(tokens.find("eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6InJvb3QifQ.")).isNull();
        assertThat(tokens.find("")).isNull();
        assertThat(tokens.find("a.b.c")).isNull();
    }

    @Test
    void keysThatDoNotBelongTogetherAreRefusedAtTheStart() throws Exception {
        var key = openssl("one", "genpkey", "-algorithm", "RSA");
        var another = openssl("two", "genpkey", "-algorithm", "RSA");
        var publicKey = openssl("pub", "rsa", "-in", another.toString(), "-pubout");
        assertThatThrownBy(() ->
                        jwt("jwt,sign-method=RS256,priv-key=" + key + ",pub-key=" + publicKey, NOW))
                .hasMessageContaining("do not belong together");
    }

    @Test
    void aFlagThatSaysNothingUsefulIsRefusedWithWhatIsAllowed() {
        assertRefused("none", "simple or jwt");
        assertRefused("simple,ttl=3s", "no options");
        assertRefused("jwt", "sign-method must be one of HS256");
        assertRefused("jwt,sign-method=none,priv-key=x", "sign-method must be one of");
        assertRefused("jwt,sign-method=RS256", "priv-key or pub-key");
        assertRefused("jwt,sign-method=HS256,pub-key=x", "file of the secret");
        assertRefused("jwt,sign-method=RS256,priv-key=x,ttl=soon", "duration");
        assertRefused("jwt,sign-method=RS256,priv-key=x,priv-key=y", "twice");
        assertRefused("jwt,sign-method=RS256,priv-key=x,color=red", "unknown option color");
        assertThat(TokenSpec.parse("jwt,sign-method=RS256,priv-key=x,ttl=1h30m"))
                .isEqualTo(
                        new TokenSpec.Jwt(
                                SignMethod.RS256, Path.of("x"), null, Duration.ofMinutes(90)));
    }

    private static void assertRefused(String value, String why) {
        assertThatThrownBy(() -> TokenSpec.parse(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--auth-token")
                .hasMessageContaining(why);
    }

    @Test
    void aSimpleTokenLivesForItsTimeAfterEachUse() {
        var clock = new ManualClock();
        var tokens = new SimpleTokens(clock, Duration.ofMinutes(5));
        var token = tokens.create("bob", 1);
        assertThat(tokens.find(token)).isNull();
        tokens.assigned("bob", token);
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofSeconds(299));
            assertThat(tokens.find(token)).isEqualTo(new Tokens.Holder("bob", 0));
        }
        clock.advance(Duration.ofSeconds(301));
        assertThat(tokens.find(token)).isNull();
    }

    @Test
    void aUserWhoChangedLosesItsSimpleTokensAndNobodyElseDoes() {
        var tokens = new SimpleTokens(new ManualClock(), Duration.ofMinutes(5));
        tokens.assigned("bob", "one");
        tokens.assigned("eve", "two");
        tokens.forget("bob");
        assertThat(tokens.find("one")).isNull();
        assertThat(tokens.find("two")).isNotNull();
        tokens.forgetAll();
        assertThat(tokens.find("two")).isNull();
    }
}
