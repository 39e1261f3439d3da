package io.skerry.etcd.server.bootstrap;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server of the DNS (RFC 1035) on loopback that has SRV records (RFC 2782) and nothing else. */
final class LoopbackDns implements AutoCloseable {
    /** Where a service is. */
    record Srv(int port, String host) {}

    private static final int HEADER = 12;
    private static final int ANSWER = 0x8180;
    private static final int NO_SUCH_NAME = 3;
    private static final int SRV = 33;
    private static final int INTERNET = 1;
    private static final int POINTER_TO_QUESTION = 0xc000 | HEADER;

    private final Map<String, List<Srv>> records;
    private final DatagramSocket socket;

    /** The names that were asked for. */
    final Queue<String> asked = new ConcurrentLinkedQueue<>();

    LoopbackDns(Map<String, List<Srv>> records) throws IOException {
        this.records = records;
        this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("dns").start(this::serve);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void serve() {
        var packet = new DatagramPacket(new byte[512], 512);
        while (!socket.isClosed()) {
            try {
                packet.setLength(512);
                socket.receive(packet);
                byte[] answer = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // Closed, or the asker is gone.
            }
        }
    }

    private byte[] answer(ByteBuffer query) throws IOException {
        int id = query.getShort(0);
        String name = name(query.position(HEADER));
        asked.add(name);
        // Behind the name are the type and the class that are asked for.
        byte[] question = new byte[query.position() + 4 - HEADER];
        query.get(HEADER, question);
        List<Srv> found = records.getOrDefault(name, List.of());
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(found.isEmpty() ? ANSWER | NO_SUCH_NAME : ANSWER);
        out.writeShort(1);
        out.writeShort(found.size());
        out.writeInt(0);
        out.write(question);
        for (Srv record : found) {
            byte[] host = labels(record.host());
            out.writeShort(POINTER_TO_QUESTION);
            out.writeShort(SRV);
            out.writeShort(INTERNET);
            out.writeInt(60);
            out.writeShort(6 + host.length);
            out.writeShort(0);
            out.writeShort(0);
            out.writeShort(record.port());
            out.write(host);
        }
        return bytes.toByteArray();
    }

    private static String name(ByteBuffer query) {
        var labels = new StringJoiner(".");
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            labels.add(new String(label, StandardCharsets.US_ASCII));
        }
        return labels.toString();
    }

    private static byte[] labels(String host) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (String label : host.split("\\.", -1)) {
            bytes.write(label.length());
            bytes.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
