package io.skerry.node.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Bytes in UTF-8 for a writer of text; they are passed on when the stream is flushed. */
final class TextStream extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintWriter writer;

    TextStream(PrintWriter writer) {
        this.writer = writer;
    }

    @Override
    public void write(int b) {
        bytes.write(b);
    }

    @Override
    public void flush() {
        writer.print(bytes.toString(StandardCharsets.UTF_8));
        writer.flush();
        bytes.reset();
    }
}
