package io.skerry.node.playground;

import java.nio.file.Path;

/** The unit of systemd that runs a node, on a virtual host as on this machine. */
final class NodeUnit {
    private NodeUnit() {}

    /**
     * Its text.
     *
     * @param order lines about what must be there before it
     * @param distribution the folder with the program
     */
    static String text(String order, Path jdk, String distribution, String config) {
        return """
        [Unit]
        Description=Skerry node
        %s
        StartLimitIntervalSec=0

        [Service]
        Type=exec
        NotifyAccess=main
        Environment=SKERRY_JAVA_HOME=%s
        ExecStart=%s/skerry node --config %s
        Restart=always
        RestartSec=200ms
        TimeoutStopSec=30s

        [Install]
        WantedBy=multi-user.target
        """
                .formatted(order, jdk, distribution, config);
    }
}
