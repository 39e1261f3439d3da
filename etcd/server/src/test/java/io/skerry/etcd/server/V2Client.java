package io.skerry.etcd.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Speaks v2 with one member as curl does. */
record V2Client(URI member, HttpClient http) implements AutoCloseable {
    private static final Pattern INDEX = Pattern.compile("\"node\":\\{.*?\"modifiedIndex\":(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static V2Client of(URI member) {
        return new V2Client(
                member, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    /** An answer, wholly read. */
    record Answer(int status, HttpResponse<?> response, String body) {
        /** The modified index of the answer's node. */
        long index() {
            var matcher = INDEX.matcher(body);
            if (!matcher.find()) {
                throw new AssertionError("no node in " + status + " " + body);
            }
            return Long.parseLong(matcher.group(1));
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(member.resolve(target)).timeout(PATIENCE);
    }

    Answer send(HttpRequest request) throws IOException, InterruptedException {
        var response = http.send(request, BodyHandlers.ofString());
        return new Answer(response.statusCode(), response, response.body());
    }

    Answer get(String target) throws IOException, InterruptedException {
        return send(request(target).build());
    }

    Answer delete(String target) throws IOException, InterruptedException {
        return send(request(target).DELETE().build());
    }

    /** Sends a form. */
    Answer send(String method, String target, String form)
            throws IOException, InterruptedException {
        return send(
                request(target)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .method(method, BodyPublishers.ofString(form))
                        .build());
    }

    Answer put(String target, String form) throws IOException, InterruptedException {
        return send("PUT", target, form);
    }

    /** Opens a response that comes bit by bit. */
    InputStream open(String target) throws IOException, InterruptedException {
        return http.send(request(target).build(), BodyHandlers.ofInputStream()).body();
    }

    /** Waits until the member has a leader and serves. */
    V2Client awaitServing() throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - until < 0) {
            try {
                if (get("/v2/keys/?quorum=true").status() == 200) {
                    return this;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError(member + " does not serve v2");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
