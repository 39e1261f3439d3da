package io.skerry.bench.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that makes a host part of the network.
 *
 * @param original the one that ours is measured against
 * @param command what starts it; flanneld's own flags follow
 */
record Contender(boolean original, List<String> command) {
    Contender {
        command = List.copyOf(command);
    }

    static Contender skerry(Path launcher) {
        return new Contender(false, List.of(launcher.toString(), "flanneld"));
    }

    /**
     * @param certificates made by {@code skerry pki create}: the original wants some to be named,
     *     also where the store asks for none
     */
    static Contender flanneld(Path program, Path certificates) {
        return new Contender(
                true,
                List.of(
                        program.toString(),
                        "--etcd-certfile=" + certificates.resolve("client.crt"),
                        "--etcd-keyfile=" + certificates.resolve("client.key"),
                        "--etcd-cafile=" + certificates.resolve("ca.crt")));
    }

    String label() {
        return original ? "flanneld" : "skerry";
    }

    /** With the same rules of the packet filter for both: none. */
    List<String> command(String store, String device, Path subnetFile) {
        var all = new ArrayList<>(command);
        all.addAll(
                List.of(
                        "--etcd-endpoints=" + store,
                        "--iface=" + device,
                        "--subnet-file=" + subnetFile,
                        "--iptables-forward-rules=false",
                        "--healthz-port=0"));
        return all;
    }
}
