package io.skerry.etcd.ctl.format;

import com.google.protobuf.ByteString;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Where answers are printed: byte strings, each flushed at once. Thread-safe. */
public final class Lines {
    private final OutputStream out;

    public Lines(OutputStream out) {
        this.out = out;
    }

    public void line(String byteString) {
        raw(ByteText.bytes(byteString + "\n"));
    }

    public void raw(String byteString) {
        raw(ByteText.bytes(byteString));
    }

    /** Bytes as they are, with no end of line. */
    public synchronized void raw(ByteString bytes) {
        try {
            bytes.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the output", e);
        }
    }
}
