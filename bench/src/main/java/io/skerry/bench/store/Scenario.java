package io.skerry.bench.store;

import java.io.IOException;
import java.util.List;

/** Something that is done with both stores, one after the other or in turns, and measured. */
interface Scenario {
    /** As in options and reports. */
    String label();

    /**
     * Does it.
     *
     * @param members of each store
     */
    List<Figure> run(Stage stage, StorePlan plan, int members)
            throws BenchException, IOException, InterruptedException;

    /** All there are. */
    static List<Scenario> all() {
        return List.of(
                new PacedPuts(),
                new WatchedKeys(),
                new WatchedPrefix(),
                new ManyKeys(),
                new LimitedMemory());
    }
}
