package io.skerry.node.playground;

import picocli.CommandLine.Option;

/** The options that say where the network's keys are. */
public final class NetworkKeys {
    @Option(
            names = "--etcd-v2",
            description = "The network is in keys of etcd's v2 API, as flannel 0.13 keeps it.")
    private boolean etcdV2;

    boolean etcdV2() {
        return etcdV2;
    }
}
