package io.skerry.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerProcessTest {
    /** What hands its work over for that long. */
    private record Hands(Duration handover) implements ServerProcess.HandingOver, AutoCloseable {
        @Override
        public void close() {}
    }

    @Test
    void stopMayTakeAsLongAsTheHandoverAndWhatComesAfterIt() {
        Duration usual = ServerProcess.stopLimit(null);
        assertThat(usual).isLessThan(Duration.ofSeconds(30)); // what our units grant
        assertThat(ServerProcess.stopLimit(() -> {})).isEqualTo(usual);
        assertThat(ServerProcess.stopLimit(new Hands(Duration.ZERO))).isEqualTo(usual);
        assertThat(ServerProcess.stopLimit(new Hands(Duration.ofSeconds(10)))).isEqualTo(usual);
        assertThat(ServerProcess.stopLimit(new Hands(Duration.ofMinutes(2))))
                .isGreaterThan(Duration.ofMinutes(2).plus(Node.LEAVE_LIMIT));
    }
}
