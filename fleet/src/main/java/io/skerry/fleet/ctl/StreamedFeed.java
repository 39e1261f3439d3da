package io.skerry.fleet.ctl;

import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.fleet.api.schema.JsonReader;
import io.skerry.fleet.api.schema.SchemaException;
import io.skerry.fleet.api.schema.WatchEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The feed as the API streams it, which is read on a thread of its own, so that waiting for it can
 * have a limit.
 */
final class StreamedFeed implements Feed {
    private record Line(@Nullable WatchEvent event, @Nullable IOException end) {}

    private final Response response;
    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private long lastNews = System.nanoTime();

    StreamedFeed(Response response) {
        this.response = response;
        var _ = Background.start("feed", this::read);
    }

    private void read() {
        try (var reader =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(
                        new Line(
                                JsonReader.ANSWERS.event(line.getBytes(StandardCharsets.UTF_8)),
                                null));
            }
            lines.add(new Line(null, new IOException("the feed has ended")));
        } catch (IOException e) {
            lines.add(new Line(null, e));
        } catch (SchemaException e) {
            lines.add(new Line(null, new IOException(e)));
        }
    }

    @Override
    public @Nullable WatchEvent next(Duration wait) throws IOException, InterruptedException {
        Line line = lines.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (line == null) {
            if (System.nanoTime() - lastNews > SILENCE.toNanos()) {
                throw new IOException("the feed has fallen silent");
            }
            return null;
        }
        lastNews = System.nanoTime();
        if (line.end() != null) {
            throw line.end();
        }
        return Objects.requireNonNull(line.event());
    }

    @Override
    public void close() throws IOException {
        response.close();
    }
}
