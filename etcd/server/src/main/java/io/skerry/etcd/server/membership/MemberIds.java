package io.skerry.etcd.server.membership;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/** Ids of members and clusters, as etcd makes them. */
public final class MemberIds {
    private MemberIds() {}

    /** Of a member with which a cluster begins. */
    public static long initial(Collection<String> peerUrls, String token) {
        return of(peerUrls, token);
    }

    /** Of a member that is added to a cluster at a moment. */
    public static long added(Collection<String> peerUrls, long unixSeconds) {
        return of(peerUrls, Long.toString(unixSeconds));
    }

    private static long of(Collection<String> peerUrls, String suffix) {
        String text = String.join("", peerUrls.stream().sorted().toList()) + suffix;
        return firstEightBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Of a cluster with the members with which it begins. */
    public static long cluster(Collection<Long> members) {
        List<Long> sorted = members.stream().sorted(Long::compareUnsigned).toList();
        ByteBuffer bytes = ByteBuffer.allocate(sorted.size() * Long.BYTES);
        sorted.forEach(bytes::putLong);
        return firstEightBytes(bytes.array());
    }

    private static long firstEightBytes(byte[] text) {
        try {
            // etcd's ids are made so; nothing rests on the strength of the digest.
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(text)).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }
}
