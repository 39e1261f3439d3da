package io.skerry.containers.containerd;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcOutbound;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;

/** Writes one blob into containerd's content store, a part at a time: each is answered. */
final class ContentWriter {
    private static final int PART_BYTES = 1 << 20;
    private static final long WRITE = 1;
    private static final long COMMIT = 2;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Answers answers;
    private final GrpcOutbound out;

    ContentWriter(Answers answers, GrpcOutbound out) {
        this.answers = answers;
        this.out = out;
        answers.attach(out);
    }

    void write(Descriptor content, InputStream data, Map<String, String> labels)
            throws GrpcException, IOException, InterruptedException {
        Message about =
                Message.EMPTY
                        .with(2, "skerry-" + content.digest())
                        .with(3, content.size())
                        .with(4, content.digest());
        long offset = send(about.with(1, WRITE).with(5, 0));
        data.skipNBytes(offset); // what an import that was cut off has written already
        for (byte[] part = data.readNBytes(PART_BYTES);
                part.length > 0;
                part = data.readNBytes(PART_BYTES)) {
            Message write = about.with(1, WRITE).with(5, offset);
            offset = send(write.with(6, ByteString.copyFrom(part)));
        }
        send(about.with(1, COMMIT).with(5, offset).with(7, labels));
        out.complete();
    }

    /** The offset up to which all is written. */
    private long send(Message request) throws GrpcException, InterruptedException {
        out.send(request.fields().toByteString());
        return answers.next(DEADLINE)
                .orElseThrow(() ->
                        new GrpcException(GrpcCode.INTERNAL, "containerd ended a write early"))
                .number(4);
    }
}
