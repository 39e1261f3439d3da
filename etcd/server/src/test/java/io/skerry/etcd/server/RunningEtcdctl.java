package io.skerry.etcd.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of Debian's etcdctl that goes on, and what it has said so far. */
final class RunningEtcdctl implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;

    /** Guarded by itself. */
    private final StringBuilder said = new StringBuilder();

    private RunningEtcdctl(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::listen);
    }

    static RunningEtcdctl start(List<String> line, Map<String, String> environment)
            throws IOException {
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new RunningEtcdctl(builder.start());
    }

    private void listen() {
        var buffer = new byte[8192];
        try (InputStream in = process.getInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hear(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            hear(e.toString());
        }
    }

    private void hear(String text) {
        synchronized (said) {
            said.append(text);
        }
    }

    /** A line for its standard input. */
    void type(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    String said() {
        synchronized (said) {
            return said.toString();
        }
    }

    void awaitSaying(String text) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!said().contains(text)) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("etcdctl never said " + text + " but " + said());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** As Ctrl-C does; waits for its end. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        awaitEnd();
    }

    /** Only then has it given back what it held. */
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("etcdctl does not end; it said " + said());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
