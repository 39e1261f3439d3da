package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import java.util.List;

/** Messages that differ in their middles alone, written a part at a time. Of one thread. */
final class AlikeMessages {
    private final ByteString first;
    private final List<ByteString> middles;
    private final ByteString last;
    private int written;

    AlikeMessages(ByteString first, List<ByteString> middles, ByteString last) {
        this.first = first;
        this.middles = middles;
        this.last = last;
    }

    boolean isEmpty() {
        return written == middles.size();
    }

    /** The next that fit into so many bytes, but one at least. */
    AlikeBody next(int mostBytes) {
        int shared = AlikeBody.framed(first, last);
        int from = written;
        long bytes = 0;
        do {
            bytes += shared + middles.get(written).size();
            written++;
        } while (!isEmpty() && bytes + shared + middles.get(written).size() <= mostBytes);
        return new AlikeBody(first, middles.subList(from, written), last, Math.toIntExact(bytes));
    }
}
