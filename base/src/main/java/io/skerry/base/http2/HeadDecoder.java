package io.skerry.base.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes header blocks, and remembers the last ones: clients send the same few again and again.
 *
 * <p>What a block means depends on its bytes and on the connection's dynamic table. So a block is
 * remembered only if it leaves the table as it is, and all are forgotten when one does not.
 */
final class HeadDecoder implements Http2HeadersDecoder {
    private static final int REMEMBERED = 8;
    private static final int MAX_REMEMBERED_BYTES = 1024;

    private static final class Block {
        final ByteBuf bytes;
        final Http2Headers headers;
        @Nullable RequestHead head;

        Block(ByteBuf bytes, Http2Headers headers) {
            this.bytes = bytes;
            this.headers = headers;
        }
    }

    private final DefaultHttp2HeadersDecoder decoder;
    private final @Nullable Block[] blocks = new Block[REMEMBERED];
    private @Nullable Block latest;

    HeadDecoder(int maxHeaderBytes) {
        this.decoder = new DefaultHttp2HeadersDecoder(true, maxHeaderBytes);
    }

    /**
     * The head of the request whose headers were decoded last.
     *
     * @param headers those headers
     */
    @Nullable RequestHead head(Http2Headers headers) {
        Block block = latest;
        if (block == null) {
            return RequestHead.of(headers);
        }
        RequestHead head = block.head;
        if (head == null) {
            head = RequestHead.of(headers);
            block.head = head;
        }
        return head;
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf block) throws Http2Exception {
        latest = null;
        int length = block.readableBytes();
        if (!leavesTableAlone(block)) {
            Arrays.fill(blocks, null);
            return decoder.decodeHeaders(streamId, block);
        }
        if (length > MAX_REMEMBERED_BYTES) {
            return decoder.decodeHeaders(streamId, block);
        }
        int place = ByteBufUtil.hashCode(block) & REMEMBERED - 1;
        Block known = blocks[place];
        if (known != null && known.bytes.equals(block)) {
            block.skipBytes(length);
            latest = known;
            return known.headers;
        }
        byte[] copy = ByteBufUtil.getBytes(block);
        var decoded =
                new Block(Unpooled.wrappedBuffer(copy), decoder.decodeHeaders(streamId, block));
        blocks[place] = decoded;
        latest = decoded;
        return decoded.headers;
    }

    @Override
    public Configuration configuration() {
        return decoder.configuration();
    }

    /**
     * Whether a block is made of indexed fields and of literals that are not to be indexed (RFC
     * 7541, 6). A malformed one gives false or is refused by the decoder.
     */
    static boolean leavesTableAlone(ByteBuf block) {
        int at = block.readerIndex();
        int end = block.writerIndex();
        while (at >= 0 && at < end) {
            int first = block.getByte(at) & 0xff;
            if (first >= 0x80) {
                at = afterInteger(block, at, end, 0x7f);
            } else if (first >= 0x20) {
                return false;
            } else {
                boolean named = (first & 0x0f) != 0;
                at = named ? afterInteger(block, at, end, 0x0f) : at + 1;
                if (!named) {
                    at = afterString(block, at, end);
                }
                at = afterString(block, at, end);
            }
        }
        return at == end;
    }

    private static int afterInteger(ByteBuf block, int at, int end, int mask) {
        if (at < 0 || at >= end) {
            return -1;
        }
        int next = at + 1;
        if ((block.getByte(at) & mask) == mask) {
            while (next < end && block.getByte(next) < 0) {
                next++;
            }
            next++;
        }
        return next <= end ? next : -1;
    }

    private static int afterString(ByteBuf block, int at, int end) {
        if (at < 0 || at >= end) {
            return -1;
        }
        long length = block.getByte(at) & 0x7f;
        int next = at + 1;
        if (length == 0x7f) {
            int shift = 0;
            int more = 0x80;
            while (more >= 0x80) {
                if (next >= end || shift > 28) {
                    return -1;
                }
                more = block.getByte(next++) & 0xff;
                length += (long) (more & 0x7f) << shift;
                shift += 7;
            }
        }
        return next + length <= end ? (int) (next + length) : -1;
    }
}
