package io.skerry.base.http2;

/** Is given each new stream, on its event loop, before anything of its body. */
@FunctionalInterface
public interface StreamAcceptor {
    StreamListener accept(ServerStream stream);
}
