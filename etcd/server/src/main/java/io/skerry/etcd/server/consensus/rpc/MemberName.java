package io.skerry.etcd.server.consensus.rpc;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.util.Endpoint;

/**
 * How the library calls a member: instead of host and port it has the member's id in hexadecimal
 * and port 1. Addresses may so change without the library's log or vote knowing them.
 */
public final class MemberName {
    private static final int PORT = 1;

    private MemberName() {}

    public static PeerId of(long memberId) {
        return new PeerId(Long.toHexString(memberId), PORT);
    }

    public static long memberId(PeerId name) {
        return memberId(name.getEndpoint());
    }

    static long memberId(Endpoint name) {
        return Long.parseUnsignedLong(name.getIp(), 16);
    }
}
