package io.skerry.flannel.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Await;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.TestNetwork;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The real kernel's news, in a namespace. */
class KernelNewsTest {
    @Test
    void newsAreToldAgainAfterAFaultOfWhoHearsThem() throws Exception {
        try (var network = new TestNetwork(1)) {
            TestHost host = network.host(1);
            var told = new AtomicInteger();
            try (var _ =
                    host.on(() ->
                            KernelNews.ofNetwork(
                                    _ -> true,
                                    () -> {
                                        if (told.incrementAndGet() == 1) {
                                            throw new IllegalStateException("a fault of the test");
                                        }
                                    }))) {
                host.ip("addr", "add", "10.99.0.1/32", "dev", "lo");
                Await.until("it is told once", () -> told.get() >= 1);
                host.ip("addr", "add", "10.99.0.2/32", "dev", "lo");
                Await.until("it is told again", () -> told.get() >= 2);
            }
            assertThat(host.ip("addr")).contains("10.99.0.2");
        }
    }
}
