package io.skerry.fleet.model;

import io.skerry.systemd.unit.UnitName;
import java.util.SortedSet;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Why one machine cannot take one unit. */
public sealed interface Refusal {
    /** The reason in words, without machine and unit. */
    String describe();

    /** {@code MachineMetadata=} does not fit. */
    record MetadataDiffers(String key, SortedSet<String> allowed, @Nullable String actual)
            implements Refusal {
        @Override
        public String describe() {
            return "metadata "
                    + key
                    + (actual == null ? " is not set" : " is " + actual)
                    + ", wanted "
                    + String.join(" or ", allowed);
        }
    }

    /** {@code MachineID=} names another machine. */
    record OtherMachineWanted(String machineId) implements Refusal {
        @Override
        public String describe() {
            return "MachineID= asks for " + machineId;
        }
    }

    /** {@code MachineOf=} names a unit that is not on this machine. */
    record PeerElsewhere(UnitName peer) implements Refusal {
        @Override
        public String describe() {
            return "MachineOf= asks for the machine of " + peer + ", which is not here";
        }
    }

    /** A unit that is there conflicts with it. */
    record ConflictsWith(UnitName other) implements Refusal {
        @Override
        public String describe() {
            return "conflicts with " + other;
        }
    }

    /** A unit that is there replaces it. */
    record ReplacedBy(UnitName other) implements Refusal {
        @Override
        public String describe() {
            return "has " + other + ", which replaces it";
        }
    }

    /** It replaces a unit that replaces it in turn, and which is placed already. */
    record CircularReplacement(UnitName other) implements Refusal {
        @Override
        public String describe() {
            return "cannot have it, since it and " + other + " replace each other";
        }
    }

    /**
     * Too little of the machine is free.
     *
     * @param wanted what the unit asks for
     * @param capacity what the machine has; nothing when it does not tell
     * @param taken what others on it ask for
     */
    record LacksResources(Resources wanted, Resources capacity, Resources taken)
            implements Refusal {
        @Override
        public String describe() {
            if (capacity.isNone()) {
                return "does not tell how much CPU and memory it has";
            }
            Resources free = capacity.minus(taken);
            Resources missing = wanted.minus(free);
            var lacks = new StringJoiner(" and ", "lacks ", "");
            if (missing.cpuMillis() > 0) {
                lacks.add(lack("CPU", missing.cpu(), wanted.cpu(), free.cpu(), capacity.cpu()));
            }
            if (missing.memoryBytes() > 0) {
                lacks.add(
                        lack(
                                "memory",
                                missing.memory(),
                                wanted.memory(),
                                free.memory(),
                                capacity.memory()));
            }
            return lacks.toString();
        }

        private static String lack(
                String of, String missing, String wanted, String free, String all) {
            return missing
                    + " of "
                    + of
                    + " ("
                    + wanted
                    + " wanted, "
                    + free
                    + " of "
                    + all
                    + " free)";
        }
    }

    /** The machine is giving its units away. */
    record MachineLeaving() implements Refusal {
        @Override
        public String describe() {
            return "is leaving the cluster";
        }
    }

    /** Users want no units on the machine. */
    record MachineDrained() implements Refusal {
        @Override
        public String describe() {
            return "is drained";
        }
    }
}
