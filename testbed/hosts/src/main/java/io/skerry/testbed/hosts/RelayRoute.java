package io.skerry.testbed.hosts;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** One loopback port of the machine and the port of a host it leads to. */
record RelayRoute(int port, String address, int hostPort) {
    static List<RelayRoute> of(List<Host> hosts) {
        var routes = new ArrayList<RelayRoute>();
        for (Host host : hosts) {
            routes.add(new RelayRoute(host.storePort(), host.address(), Host.STORE_PORT));
            routes.add(new RelayRoute(host.fleetPort(), host.address(), Host.FLEET_PORT));
        }
        return routes;
    }

    /** The other way round from {@link #argument}. */
    static RelayRoute parse(String argument) {
        String[] parts = argument.split("[=:]", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    "route \"" + argument + "\" is not of the form port=address:port");
        }
        return new RelayRoute(Integer.parseInt(parts[0]), parts[1], Integer.parseInt(parts[2]));
    }

    String argument() {
        return port + "=" + address + ":" + hostPort;
    }

    InetSocketAddress target() {
        return new InetSocketAddress(address, hostPort);
    }
}
