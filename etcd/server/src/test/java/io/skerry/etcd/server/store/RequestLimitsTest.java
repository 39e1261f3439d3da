package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequestLimitsTest {
    private static void refused(long bytes) {
        assertThatThrownBy(() -> RequestLimits.of(bytes, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--max-request-bytes: " + bytes + " must be 1 to 16777216");
    }

    @Test
    void bytesAreTakenUpToTheirLimit() {
        assertThat(RequestLimits.of(1, 1).maxRequestBytes()).isEqualTo(1);
        assertThat(RequestLimits.of(16 << 20, 1).maxRequestBytes()).isEqualTo(16 << 20);
    }

    @Test
    void bytesBeyondAreRefusedAsTheyWereGiven() {
        refused(0);
        refused((16 << 20) + 1);
        refused(99_999_999_999L);
        refused(-99_999_999_999L);
        // The low half alone would be allowed.
        refused((1L << 32) + 1);
    }
}
