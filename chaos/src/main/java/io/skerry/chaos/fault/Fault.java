package io.skerry.chaos.fault;

import io.skerry.chaos.cluster.Link;
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
