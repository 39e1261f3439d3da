package io.skerry.fleet.api;

import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.StartNews;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.store.RegistryException;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import java.util.HashMap;
import java.util.Map;

/** What may happen to the cluster of a transcript, in words. */
public final class Events {
    private Events() {}

    /**
     * Makes it happen: {@code machine ID IP [K=V...]}, {@code lose ID}, {@code unit NAME STATE [K=V
     * of X-Fleet...]}, {@code place NAME ID}, {@code unplace NAME}, {@code finish NAME ID}, {@code
     * state NAME ID LOAD ACTIVE SUB [START]}, {@code destroy NAME}, {@code destroy-meanwhile NAME},
     * {@code store away|back}, {@code obey}.
     */
    public static void happen(MemoryRegistry registry, String words) {
        String[] word = words.split(" ", -1);
        switch (word[0]) {
            case "machine" -> registry.machine(word[1], word[2], pairs(word));
            // In processors and mebibytes.
            case "sized-machine" ->
                    registry.machine(
                            word[1],
                            word[2],
                            Map.of(),
                            new Resources(
                                    Long.parseLong(word[3]) * 1000, Long.parseLong(word[4]) << 20));
            case "lose" -> registry.lose(word[1]);
            case "unit" -> submit(registry, word);
            case "place" -> registry.place(word[1], word[2]);
            case "unplace" -> registry.unplace(word[1]);
            case "finish" -> registry.finish(word[1], word[2]);
            case "state" ->
                    registry.report(
                            word[1],
                            word[2],
                            new UnitState(word[3], word[4], word[5]),
                            word.length > 6 ? new StartNews(word[6]) : StartNews.UNTOLD);
            case "store" -> registry.away(word[1].equals("away"));
            case "obey" -> registry.obey();
            case "destroy-meanwhile" -> registry.destroyMeanwhile(word[1]);
            case "destroy" -> {
                try {
                    registry.destroy(new UnitName(word[1]));
                } catch (RegistryException e) {
                    throw new IllegalStateException(e);
                }
            }
            default -> throw new IllegalArgumentException("nothing called " + word[0] + " happens");
        }
    }

    private static Map<String, String> pairs(String[] word) {
        var pairs = new HashMap<String, String>();
        for (int i = 3; i < word.length; i++) {
            String[] pair = word[i].split("=", 2);
            pairs.put(pair[0], pair[1]);
        }
        return pairs;
    }

    private static void submit(MemoryRegistry registry, String[] word) {
        var text =
                new StringBuilder(
                        "[Unit]\nDescription=" + word[1] + "\n[Service]\nExecStart=/bin/true\n");
        if (word.length > 3) {
            text.append("[X-Fleet]\n");
        }
        for (int i = 3; i < word.length; i++) {
            text.append(word[i]).append('\n');
        }
        try {
            registry.submit(
                    new UnitName(word[1]),
                    UnitFile.parse(word[1], text.toString()),
                    TargetState.parse(word[2]).orElseThrow(),
                    true);
        } catch (UnitFileException | InvalidUnitException | RegistryException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
