package io.skerry.base.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import java.io.IOException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** TLS as a listener offers it: HTTP/2 before HTTP/1.1, clients by their files and rules. */
final class ServerTls {
    private final TlsIdentity identity;
    private final TlsFiles files;

    /** Can go on with the sessions that it began, and no others. */
    private volatile SslContext context;

    private ServerTls(TlsIdentity identity, TlsFiles files) {
        this.identity = identity;
        this.files = files;
        this.context = context(identity, files);
    }

    /**
     * Reads the files for the first time.
     *
     * @throws IOException names the file and what is wrong with it
     */
    static ServerTls load(TlsFiles files) throws IOException {
        return new ServerTls(TlsIdentity.loadForServer(files), files);
    }

    private static SslContext context(TlsIdentity identity, TlsFiles files) {
        ClientAuth auth =
                identity.trustManager() == null
                        ? ClientAuth.NONE
                        : files.clientCertificateRequired()
                                ? ClientAuth.REQUIRE
                                : ClientAuth.OPTIONAL;
        return new JdkSslContext(
                identity.sslContext(),
                false,
                files.rules().enabledSuites(),
                IdentityCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1),
                auth,
                files.rules().protocolArray(),
                false);
    }

    /** From here on the connection speaks TLS. */
    void addTo(Channel channel) {
        SslHandler tls = context.newHandler(channel.alloc());
        channel.pipeline().addLast(tls, new CheckOfResumed(tls));
    }

    /**
     * A client whose certificate is refused would go on with its session, and so with that
     * certificate, although it may have another one by now. Its next handshake is a whole one.
     */
    private void forgetSessions() {
        context = context(identity, files);
    }

    /** Looks at the certificate after the handshake, resumed or not; then it is not needed. */
    private final class CheckOfResumed extends ChannelInboundHandlerAdapter {
        private final SslHandler tls;
        private boolean refused;

        CheckOfResumed(SslHandler tls) {
            this.tls = tls;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                try {
                    identity.checkResumed(tls.engine().getSession());
                    context.pipeline().remove(this);
                } catch (SSLPeerUnverifiedException e) {
                    refused = true;
                    RunningCalls.broken(e);
                    forgetSessions();
                    var _ = context.close();
                }
            }
            context.fireUserEventTriggered(event);
        }

        /** What came with the end of the handshake is read although the connection is closed. */
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (refused) {
                ReferenceCountUtil.release(message);
            } else {
                context.fireChannelRead(message);
            }
        }
    }
}
