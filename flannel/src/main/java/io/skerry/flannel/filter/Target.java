package io.skerry.flannel.filter;

/** What becomes of a packet for which a rule or an element of a map speaks. */
sealed interface Target {
    record Accept() implements Target {}

    record Refuse() implements Target {}

    record Goto(String chain) implements Target {}

    Target ACCEPT = new Accept();
    Target REFUSE = new Refuse();

    static Target of(boolean refused) {
        return refused ? REFUSE : ACCEPT;
    }
}
