package io.skerry.etcd.server;

/** Which etcd a client may take the whole cluster for; a member's own version is the API's. */
public final class EtcdVersion {
    /** What all members of a cluster can do. */
    public static final String CLUSTER = "3.5.0";

    private EtcdVersion() {}
}
