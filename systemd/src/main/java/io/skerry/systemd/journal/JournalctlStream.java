package io.skerry.systemd.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The output of one journalctl process. */
final class JournalctlStream implements JournalStream {
    private static final int MAX_ERROR_BYTES = 4096;
    private static final long GRACE_SECONDS = 2;

    private final Process process;
    private final BufferedReader lines;
    private final Thread errorReader;
    private volatile String errors = "";
    private volatile boolean closed;

    JournalctlStream(Process process) {
        this.process = process;
        this.lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        // Read beside the lines: a child whose error pipe is full would stop.
        this.errorReader = Thread.ofVirtual().name("journalctl-errors").start(this::readErrors);
    }

    @Override
    public @Nullable String next() throws JournalException {
        try {
            String line = lines.readLine();
            if (line == null && !closed) {
                checkExit();
            }
            return line;
        } catch (IOException e) {
            if (closed) {
                return null;
            }
            throw new JournalException("reading from journalctl failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        // SIGTERM first; its end of the pipe closes with it, which ends a blocked read.
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void checkExit() throws JournalException {
        try {
            int exit = process.waitFor();
            errorReader.join();
            if (exit != 0 && !closed) {
                String reason = errors.isBlank() ? "no message" : errors.strip();
                throw new JournalException(
                        "journalctl failed with exit code " + exit + ": " + reason, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readErrors() {
        try (InputStream stream = process.getErrorStream()) {
            byte[] head = stream.readNBytes(MAX_ERROR_BYTES);
            errors = new String(head, StandardCharsets.UTF_8);
            stream.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            errors = "its error output could not be read: " + e.getMessage();
        }
    }
}
