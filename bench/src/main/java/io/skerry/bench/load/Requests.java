package io.skerry.bench.load;

import java.util.List;

/** Makes the encoded requests of a load, by their number from 0 on; called by several threads. */
@FunctionalInterface
public interface Requests {
    /** The request of this number, made at the moment it is sent. */
    byte[] request(long number);

    /** These, one after the other and from the start again. */
    static Requests cycling(List<byte[]> requests) {
        List<byte[]> all = List.copyOf(requests);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a load needs requests");
        }
        return number -> all.get((int) (number % all.size()));
    }
}
