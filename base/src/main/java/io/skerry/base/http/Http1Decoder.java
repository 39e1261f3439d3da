package io.skerry.base.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/** Netty's, which also tells when a request begins, what comes of its body, and when it ends. */
final class Http1Decoder extends HttpRequestDecoder {
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_REQUEST_LINE_BYTES = 4 << 10;
    private static final int CHUNK_BYTES = 8 << 10;

    private final RequestPatience patience;
    private boolean betweenRequests = true;
    private boolean inBody;

    Http1Decoder(RequestPatience patience) {
        super(MAX_REQUEST_LINE_BYTES, MAX_HEADER_BYTES, CHUNK_BYTES);
        this.patience = patience;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
            throws Exception {
        if (betweenRequests && in.forEachByte(Http1Decoder::blank) >= 0) {
            betweenRequests = false;
            patience.begun();
        }
        int known = out.size();
        super.decode(context, in, out);
        for (int i = known; i < out.size(); i++) {
            if (out.get(i) instanceof HttpRequest) {
                inBody = true;
            }
            if (out.get(i) instanceof LastHttpContent) {
                betweenRequests = true;
                inBody = false;
                patience.asked();
            }
        }
        if (inBody) {
            patience.inBody();
        }
    }

    /** Empty lines before a request are no part of it. */
    private static boolean blank(byte octet) {
        return octet >= 0 && octet <= ' ';
    }
}
