package io.skerry.etcd.server.bootstrap;

import io.skerry.etcd.server.membership.MemberList;
import java.util.Collection;
import java.util.List;

/** A question to members: which cluster are you, and who is in it? */
@FunctionalInterface
interface Inquiry {
    /**
     * What those who answer tell.
     *
     * @param peerUrls of those who are asked
     */
    List<MemberList> ask(Collection<String> peerUrls) throws InterruptedException;
}
