package io.skerry.testbed.hosts;

import io.skerry.base.log.LogSetup;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * The relay's own process: {@code --playground NAME PORT=ADDRESS:PORT …}. Writes "ready" when it
 * listens on every port, then runs until it is killed.
 */
public final class RelayMain {
    private RelayMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogSetup.install("info");
        var playground = new PlaygroundName(arguments[1]);
        var relay =
                new Relay(SwitchSockets.in(Underlay.namespaceFile(playground.switchNamespace())));
        for (String route : Arrays.asList(arguments).subList(2, arguments.length)) {
            relay.listen(RelayRoute.parse(route));
        }
        System.out.println("ready");
        System.out.close();
        new CountDownLatch(1).await();
    }
}
