package io.skerry.base.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;

/** TLS as a listener offers it: HTTP/2 before HTTP/1.1, clients by their files and rules. */
final class ServerTls {
    private ServerTls() {}

    static SslContext context(TlsIdentity identity, TlsFiles files) {
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
}
