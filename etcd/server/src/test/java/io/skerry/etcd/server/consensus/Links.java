package io.skerry.etcd.server.consensus;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between members, each of whom dials each other one at an address of its own. A member
 * that is cut off loses its connections in both directions and gets none until it is joined again.
 */
final class Links implements AutoCloseable {
    private final Map<Long, Map<Long, Link>> links = new HashMap<>();
    private final Set<Long> cut = ConcurrentHashMap.newKeySet();

    /** Links between all members that listen there. */
    Links(Map<Long, InetSocketAddress> members) throws IOException {
        for (long from : members.keySet()) {
            var own = new HashMap<Long, Link>();
            for (var to : members.entrySet()) {
                if (from != to.getKey()) {
                    own.put(to.getKey(), new Link(from, to.getKey(), to.getValue()));
                }
            }
            links.put(from, own);
        }
    }

    /** Where one member dials another. */
    InetSocketAddress address(long from, long to) {
        Map<Long, Link> own = links.get(from);
        Link link = own == null ? null : own.get(to);
        if (link == null) {
            throw new IllegalArgumentException("no link from " + from + " to " + to);
        }
        return (InetSocketAddress) link.server.getLocalSocketAddress();
    }

    void cutOff(long member) {
        cut.add(member);
        links.values().forEach(own -> own.values().forEach(Link::cutIfTold));
    }

    void join(long member) {
        cut.remove(member);
    }

    @Override
    public void close() {
        links.values().forEach(own -> own.values().forEach(Link::close));
    }

    private final class Link {
        private final long from;
        private final long to;
        private final InetSocketAddress target;
        private final ServerSocket server;
        private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

        Link(long from, long to, InetSocketAddress target) throws IOException {
            this.from = from;
            this.to = to;
            this.target = target;
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        private boolean isCut() {
            return cut.contains(from) || cut.contains(to);
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket near = server.accept();
                    Thread.ofVirtual().start(() -> carry(near));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void carry(Socket near) {
            try (near;
                    var far = new Socket()) {
                sockets.add(near);
                sockets.add(far);
                if (isCut()) {
                    return;
                }
                near.setTcpNoDelay(true);
                far.connect(target);
                far.setTcpNoDelay(true);
                Thread back = Thread.ofVirtual().start(() -> copy(far, near));
                copy(near, far);
                back.join();
            } catch (IOException e) {
                // As the network does, it does not say why.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                sockets.remove(near);
            }
        }

        /** Until one side ends; then both do. */
        private void copy(Socket source, Socket sink) {
            try (source;
                    sink) {
                var in = source.getInputStream();
                var out = sink.getOutputStream();
                byte[] buffer = new byte[16 << 10];
                for (int n = in.read(buffer); n >= 0 && !isCut(); n = in.read(buffer)) {
                    out.write(buffer, 0, n);
                }
            } catch (IOException e) {
                // The other direction ends, too.
            } finally {
                sockets.remove(source);
            }
        }

        void cutIfTold() {
            if (isCut()) {
                sockets.forEach(Links::closeQuietly);
            }
        }

        void close() {
            closeQuietly(server);
            sockets.forEach(Links::closeQuietly);
        }
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("a link cannot be closed", e);
        }
    }
}
