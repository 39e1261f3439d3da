package io.skerry.node.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.containers.run.ContainerName;
import io.skerry.containers.run.PublishedPort;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KnownContainerTest {
    private static final PublishedPort WEB = new PublishedPort(8080, 80, "tcp");
    private static final PublishedPort NAMES = new PublishedPort(8080, 53, "udp");

    @Test
    void portsOfAContainerThatRunsAreTaken() {
        assertThat(container("active", Optional.empty(), "8080:1").has(WEB)).isTrue();
        assertThat(container("active", Optional.empty(), "8080:1/udp").has(NAMES)).isTrue();
        assertThat(container("active", Optional.empty(), "8080:1/udp").has(WEB)).isFalse();
        assertThat(container("active", Optional.empty(), "8081:80").has(WEB)).isFalse();
        assertThat(container("inactive", Optional.empty(), "8080:1").has(WEB)).isFalse();
        assertThat(container("active", Optional.empty(), "by hand").has(WEB)).isFalse();
    }

    @Test
    void portThatStartsAContainerIsTakenThoughItRests() {
        assertThat(container("inactive", Optional.of("8080")).has(WEB)).isTrue();
        assertThat(container("inactive", Optional.of("8080")).has(NAMES)).isFalse();
    }

    private static KnownContainer container(
            String state, Optional<String> socket, String... ports) {
        return new KnownContainer(
                new ContainerName("web"),
                true,
                socket,
                "busybox",
                "",
                List.of(ports),
                Optional.empty(),
                state,
                "");
    }
}
