package io.skerry.flannel.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a packet carries, as far as policies tell it apart. */
public enum Protocol {
    TCP(true),
    UDP(true),
    SCTP(true),
    /** Of either family. */
    ICMP(false),
    /** Everything else; no document names it. */
    OTHER(false);

    private final boolean hasPorts;

    Protocol(boolean hasPorts) {
        this.hasPorts = hasPorts;
    }

    public boolean hasPorts() {
        return hasPorts;
    }

    /** As documents and commands write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Those that can be named. */
    public static List<Protocol> named() {
        return List.of(TCP, UDP, SCTP, ICMP);
    }

    /** The one of that word. */
    public static Optional<Protocol> of(String word) {
        return named().stream().filter(protocol -> protocol.word().equals(word)).findFirst();
    }

    public static List<Protocol> withPorts() {
        return Arrays.stream(values()).filter(Protocol::hasPorts).toList();
    }
}
