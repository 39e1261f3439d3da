package io.skerry.flannel.netfilter;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;

/**
 * The rules of one network on one host, for one family of addresses. The order of masquerading is
 * the original's.
 *
 * @param overlay all addresses of the network
 * @param own this host's subnet
 * @param masquerade packets of containers get the host's address where they leave the overlay
 * @param forward packets from and to containers are let through
 */
public record Ruleset(Cidr overlay, Cidr own, boolean masquerade, boolean forward) {

    /** Networks beside each other on a host have a table each. */
    public String table() {
        return "skerry_flannel_" + overlay.toString().replaceAll("[.:/]", "_");
    }

    /** Which packets the table is for, in nft's words. */
    String family() {
        return overlay.family() == Family.IPV4 ? "ip" : "ip6";
    }

    /** Whether there are rules at all. */
    boolean isEmpty() {
        return !masquerade && !forward;
    }

    /** What nft reads: the former table goes and the new one comes in one transaction. */
    String text() {
        var text = new StringBuilder();
        String table = "table " + family() + " " + table();
        text.append(table).append("\n");
        text.append("delete ").append(table).append("\n");
        if (isEmpty()) {
            return text.toString();
        }
        text.append(table).append(" {\n");
        if (masquerade) {
            text.append(masquerading());
        }
        if (forward) {
            text.append(forwarding());
        }
        return text.append("}\n").toString();
    }

    /** Bit 0x4000 marks what somebody else masquerades. */
    private String masquerading() {
        return """
            chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                meta mark & 0x4000 == 0x4000 return
                IP saddr OWN IP daddr ALL return
                IP saddr ALL IP daddr OWN return
                IP saddr != ALL IP daddr OWN return
                IP saddr ALL IP daddr != GROUPS masquerade fully-random
                IP saddr != ALL IP daddr ALL masquerade fully-random
            }
        """
                .replace("IP", family())
                .replace("OWN", own.toString())
                .replace("ALL", overlay.toString())
                .replace("GROUPS", overlay.family() == Family.IPV4 ? "224.0.0.0/4" : "ff00::/8");
    }

    private String forwarding() {
        return """
            chain forward {
                type filter hook forward priority filter; policy accept;
                IP saddr ALL accept
                IP daddr ALL accept
            }
        """
                .replace("IP", family())
                .replace("ALL", overlay.toString());
    }
}
