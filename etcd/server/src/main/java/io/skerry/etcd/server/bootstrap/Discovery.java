package io.skerry.etcd.server.bootstrap;

import io.skerry.etcd.server.membership.InitialCluster;
import java.io.IOException;

/** A place where the members of a new cluster find each other. */
public interface Discovery {
    /**
     * The members of the cluster, this one among them.
     *
     * @param own this member alone, with its name and peer URLs
     * @throws IOException says why they cannot be found
     */
    InitialCluster find(InitialCluster own, String name) throws IOException, InterruptedException;
}
