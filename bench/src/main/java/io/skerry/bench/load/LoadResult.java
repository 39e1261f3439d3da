package io.skerry.bench.load;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What a load met with.
 *
 * @param good calls answered with a message
 * @param failed calls that the servers refused
 * @param elapsed from the first request to the last answer
 * @param latencies of the good calls, in microseconds
 */
public record LoadResult(long good, long failed, Duration elapsed, Histogram latencies) {
    /** Good calls a second. */
    public double perSecond() {
        return good / (elapsed.toNanos() / 1e9);
    }

    /** The latency that this share of the good calls (in percent) stayed below, in microseconds. */
    public long latencyMicros(double percentile) {
        return latencies.getValueAtPercentile(percentile);
    }
}
