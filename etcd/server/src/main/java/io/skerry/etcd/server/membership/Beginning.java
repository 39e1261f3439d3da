package io.skerry.etcd.server.membership;

/**
 * As whom a member without data begins.
 *
 * @param memberId id of the member
 * @param joining whether it joins a cluster that has a log already
 * @param members all members as far as they are known, the member among them
 */
public record Beginning(long memberId, boolean joining, MemberList members) {
    public Beginning {
        if (members.find(memberId) == null) {
            throw new IllegalArgumentException(
                    "member " + Long.toHexString(memberId) + " is not among the members");
        }
    }

    public long clusterId() {
        return members.clusterId();
    }
}
