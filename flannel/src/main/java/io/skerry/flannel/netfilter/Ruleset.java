package io.skerry.flannel.netfilter;

import io.skerry.flannel.address.Cidr4;

/**
 * The rules of one network on one host. The order of masquerading is the original's.
 *
 * @param overlay all addresses of the network
 * @param own this host's subnet
 * @param masquerade packets of containers get the host's address where they leave the overlay
 * @param forward packets from and to containers are let through
 */
public record Ruleset(Cidr4 overlay, Cidr4 own, boolean masquerade, boolean forward) {

    /** Networks beside each other on a host have a table each. */
    public String table() {
        return "skerry_flannel_" + overlay.toString().replace('.', '_').replace('/', '_');
    }

    /** Whether there are rules at all. */
    boolean isEmpty() {
        return !masquerade && !forward;
    }

    /** What nft reads: the former table goes and the new one comes in one transaction. */
    String text() {
        var text = new StringBuilder();
        text.append("table ip ").append(table()).append("\n");
        text.append("delete table ip ").append(table()).append("\n");
        if (isEmpty()) {
            return text.toString();
        }
        text.append("table ip ").append(table()).append(" {\n");
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
                ip saddr OWN ip daddr ALL return
                ip saddr ALL ip daddr OWN return
                ip saddr != ALL ip daddr OWN return
                ip saddr ALL ip daddr != 224.0.0.0/4 masquerade fully-random
                ip saddr != ALL ip daddr ALL masquerade fully-random
            }
        """
                .replace("OWN", own.toString())
                .replace("ALL", overlay.toString());
    }

    private String forwarding() {
        return """
            chain forward {
                type filter hook forward priority filter; policy accept;
                ip saddr ALL accept
                ip daddr ALL accept
            }
        """
                .replace("ALL", overlay.toString());
    }
}
