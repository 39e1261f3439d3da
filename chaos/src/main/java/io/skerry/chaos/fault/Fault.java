package io.skerry.chaos.fault;

import io.skerry.chaos.cluster.Link;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** One thing that is done to members, which are told apart by numbers. */
public sealed interface Fault {
    /** {@code kill -9}; the end of the fault starts them. */
    record Kill(Set<Integer> members) implements Fault {
        @Override
        public String toString() {
            return "kill " + new TreeSet<>(members);
        }
    }

    /** SIGSTOP; the end of the fault is SIGCONT. */
    record Pause(Set<Integer> members) implements Fault {
        @Override
        public String toString() {
            return "pause " + new TreeSet<>(members);
        }
    }

    /** {@code kill -9}, and a part of a record behind the end of the log. */
    record Torn(int member) implements Fault {
        @Override
        public String toString() {
            return "torn write " + member;
        }
    }

    /** No space is left on the disk of a member's data; the end of the fault gives it back. */
    record FullDisk(int member) implements Fault {
        @Override
        public String toString() {
            return "full disk " + member;
        }
    }

    /** The disk of a member's data takes so many writes a second. */
    record SlowDisk(int member, int writesPerSecond) implements Fault {
        @Override
        public String toString() {
            return "slow disk " + member + ", " + writesPerSecond + " writes/s";
        }
    }

    /** The time of day jumps, and jumps back at the end of the fault. */
    record Clock(int member, Duration ahead) implements Fault {
        @Override
        public String toString() {
            return "clock " + member + " by " + ahead;
        }
    }

    /**
     * A member is removed, loses its disk, and is added as a new one; goes on beside other faults
     * until it is done.
     *
     * @param learner whether it is added as a learner and promoted
     */
    record Replace(int member, boolean learner) implements Fault {
        @Override
        public String toString() {
            return "replace " + member + (learner ? " by way of a learner" : "");
        }
    }

    /**
     * Packets lost.
     *
     * @param shape for people: which pattern of links it is
     * @param percent 100: the links are cut
     */
    record Loss(String shape, Set<Link> links, int percent) implements Fault {
        @Override
        public String toString() {
            return shape + (percent == 100 ? "" : " " + percent + " %");
        }
    }
}
