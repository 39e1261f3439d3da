package io.skerry.fleet.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Why a unit is where it is, or nowhere. */
public sealed interface PlacementReason {
    /** One sentence for users. */
    String describe();

    /** It has a machine. */
    record Placed(String machineId) implements PlacementReason {
        @Override
        public String describe() {
            return "placed on " + machineId;
        }
    }

    /** It has a machine, and goes on there with its former file for now. */
    record WithFormerFile(String machineId, FormerFile file) implements PlacementReason {
        @Override
        public String describe() {
            String former = "placed on " + machineId + " with its former file";
            if (file.waitsFor() == null) {
                return former + ", about to get the new one";
            }
            return file.failed()
                    ? former
                            + ": the replacement has stopped, since "
                            + file.waitsFor()
                            + " failed with its new file"
                    : former + " until " + file.waitsFor() + " is active with its new one";
        }
    }

    /**
     * Its machine has left without giving it back. It stays with that machine for as long as no
     * other one fits; each refuses it for the reason given by machine id.
     */
    record OnLostMachine(String machineId, SortedMap<String, Refusal> refusals)
            implements PlacementReason {
        /** Keeps its own copy. */
        public OnLostMachine {
            refusals = Collections.unmodifiableSortedMap(new TreeMap<>(refusals));
        }

        @Override
        public String describe() {
            String lost =
                    "placed on " + machineId + ", which is gone; it goes on when that is back";
            return refusals.isEmpty() ? lost : lost + ", since no other fits: " + list(refusals);
        }
    }

    /** It is a oneshot that has finished, on a machine that is not its own any more. */
    record Finished(String machineId) implements PlacementReason {
        @Override
        public String describe() {
            return "has finished on " + machineId + "; restart runs it again";
        }
    }

    /** It has a new machine, and another one runs it until it runs there. */
    record Moving(String machineId, String from) implements PlacementReason {
        @Override
        public String describe() {
            return "being moved to " + machineId + ", until then on " + from;
        }
    }

    /** Its target state is inactive. */
    record NotWanted() implements PlacementReason {
        @Override
        public String describe() {
            return "inactive: load or start it to have it placed";
        }
    }

    /** It is a template; only instances of it run. */
    record Template() implements PlacementReason {
        @Override
        public String describe() {
            return "a template is never placed: start an instance of it";
        }
    }

    /** It is global; each machine that fits runs it. Told are those that do not fit, by id. */
    record EveryMachine(SortedMap<String, Refusal> refusals) implements PlacementReason {
        /** Keeps its own copy. */
        public EveryMachine {
            refusals = Collections.unmodifiableSortedMap(new TreeMap<>(refusals));
        }

        @Override
        public String describe() {
            String all = "global: runs on every machine that fits";
            return refusals.isEmpty() ? all : all + "; not on: " + list(refusals);
        }
    }

    /** There is no machine at all. */
    record NoMachines() implements PlacementReason {
        @Override
        public String describe() {
            return "no machine has joined the cluster";
        }
    }

    /** A machine is still stopping it; it is placed anew after that. */
    record BeingReleased(String machineId) implements PlacementReason {
        @Override
        public String describe() {
            return "still being stopped on " + machineId;
        }
    }

    /** Some machine fits; the engine has not placed it yet. */
    record Pending() implements PlacementReason {
        @Override
        public String describe() {
            return "about to be placed";
        }
    }

    /** Every machine refuses it, each for the reason given by machine id. */
    record NoMachineFits(SortedMap<String, Refusal> refusals) implements PlacementReason {
        /** Keeps its own copy. */
        public NoMachineFits {
            refusals = Collections.unmodifiableSortedMap(new TreeMap<>(refusals));
        }

        @Override
        public String describe() {
            return "no machine fits: " + list(refusals);
        }
    }

    private static String list(SortedMap<String, Refusal> refusals) {
        return refusals.entrySet().stream()
                .map(e -> shortId(e.getKey()) + " " + e.getValue().describe())
                .collect(Collectors.joining("; "));
    }

    private static String shortId(String id) {
        return id.length() > 8 ? id.substring(0, 8) : id;
    }
}
