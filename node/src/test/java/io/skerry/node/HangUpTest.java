package io.skerry.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HangUpTest {
    @Test
    void everySignalIsHeardAndEndsNothing() throws Exception {
        var heard = new Semaphore(0);
        HangUp.whenTold(heard::release);
        String pid = Long.toString(ProcessHandle.current().pid());

        for (int i = 0; i < 2; i++) {
            Command.of("kill", "-HUP", pid).check();

            assertThat(heard.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
