package io.skerry.node.cli;

import io.skerry.etcd.ctl.EtcdCtl;
import io.skerry.etcd.ctl.format.Lines;
import io.skerry.etcd.ctl.remote.Console;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A command line of our etcdctl that runs on a thread of this process. */
final class OwnEtcdctl {
    private static final long PATIENCE_SECONDS = 60;

    /** Its own limits are 5 s and 2 s, which a busy machine may need for a connection. */
    static final Map<String, String> PATIENT =
            Map.of("ETCDCTL_COMMAND_TIMEOUT", "60s", "ETCDCTL_DIAL_TIMEOUT", "60s");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Runnable> interrupt = new CompletableFuture<>();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final Thread thread;

    /** What a command line said. */
    record Said(int status, String out, String err) {}

    private OwnEtcdctl(Map<String, String> environment, String input, List<String> words) {
        var console =
                new Console(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new Lines(out),
                        new Lines(err),
                        environment,
                        interrupt::complete);
        var line = words.stream().map(ByteText::ofText).toList();
        thread =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            try {
                                status.complete(EtcdCtl.run(line, console));
                            } catch (RuntimeException | Error e) {
                                status.completeExceptionally(e);
                            }
                        });
    }

    static OwnEtcdctl start(Map<String, String> environment, String input, List<String> words) {
        var running = new OwnEtcdctl(environment, input, words);
        running.thread.start();
        return running;
    }

    /** Against a store, with patience. */
    static OwnEtcdctl start(String endpoint, String... words) {
        return start(environment(endpoint), "", List.of(words));
    }

    static Map<String, String> environment(String endpoint) {
        var environment = new HashMap<>(PATIENT);
        environment.put("ETCDCTL_ENDPOINTS", endpoint);
        return environment;
    }

    static Said run(String endpoint, String input, List<String> words) {
        return start(environment(endpoint), input, words).end();
    }

    static Said run(String endpoint, String... words) {
        return run(endpoint, "", List.of(words));
    }

    /** What it has printed so far. */
    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    OwnEtcdctl awaitOut(String text) throws InterruptedException {
        return awaitOut(Pattern.compile(Pattern.quote(text)));
    }

    OwnEtcdctl awaitOut(Pattern text) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!text.matcher(out()).find()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError(
                        "never printed " + text + " but " + out() + " and " + errors());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return this;
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** What the user does by Ctrl-C. */
    OwnEtcdctl interrupt() {
        interrupt.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().run();
        return this;
    }

    /** Ends it where it waits. */
    OwnEtcdctl stop() {
        thread.interrupt();
        return this;
    }

    /** Waits until it has ended. */
    Said end() {
        int code = status.orTimeout(5 * PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        return new Said(code, out(), errors());
    }
}
