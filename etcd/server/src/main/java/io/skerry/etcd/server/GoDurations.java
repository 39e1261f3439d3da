package io.skerry.etcd.server;

import io.skerry.base.text.GoDuration;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Flags' durations as etcd takes them. */
final class GoDurations implements ITypeConverter<Duration> {
    /** For picocli. */
    GoDurations() {}

    @Override
    public Duration convert(String text) {
        return GoDuration.parse(text)
                .filter(duration -> !duration.isNegative())
                .orElseThrow(() ->
                        new TypeConversionException(
                                "\"" + text + "\" must be a duration like 300ms, 10s or 1h30m"));
    }
}
