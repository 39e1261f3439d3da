package io.skerry.etcd.server;

import io.skerry.base.http.ListenUrl;
import java.util.List;

/**
 * Which metrics are kept and where they are served beside the clients' URLs.
 *
 * @param extensive whether to keep how long calls took
 * @param urls further addresses for {@code /metrics} and {@code /health}
 */
public record MetricsOptions(boolean extensive, List<ListenUrl> urls) {
    /** As etcd has it without flags. */
    public static final MetricsOptions DEFAULT = new MetricsOptions(false, List.of());

    public MetricsOptions {
        urls = List.copyOf(urls);
    }
}
