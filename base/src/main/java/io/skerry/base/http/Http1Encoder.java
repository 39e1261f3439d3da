package io.skerry.base.http;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.function.BooleanSupplier;

/** Netty's, which leaves out the body where it was not asked for. */
final class Http1Encoder extends HttpResponseEncoder {
    private final BooleanSupplier headOnly;

    /**
     * @param headOnly whether the request that is answered now is a HEAD
     */
    Http1Encoder(BooleanSupplier headOnly) {
        this.headOnly = headOnly;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return headOnly.getAsBoolean() || super.isContentAlwaysEmpty(response);
    }
}
