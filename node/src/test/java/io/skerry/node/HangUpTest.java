package io.skerry.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HangUpTest {
    /** Says when it is ready and each time that it is told. */
    static final class Listener {
        private Listener() {}

        static void main(String[] args) throws InterruptedException {
            HangUp.whenTold(() -> System.out.println("heard"));
            System.out.println("ready");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everySignalIsHeardAndEndsNothing() throws Exception {
        // A process of its own, since this one may have been started with nohup: what ignores the
        // signal from the beginning goes on to do so.
        var listener =
                new ProcessBuilder(
                                "env",
                                "--default-signal=HUP",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Listener.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var output =
                new BufferedReader(
                        new InputStreamReader(listener.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isEqualTo("ready");
            for (int i = 0; i < 2; i++) {
                Command.of("kill", "-HUP", Long.toString(listener.pid())).check();

                assertThat(output.readLine()).isEqualTo("heard");
            }
            assertThat(listener.isAlive()).isTrue();
        } finally {
            listener.destroyForcibly();
        }
    }
}
