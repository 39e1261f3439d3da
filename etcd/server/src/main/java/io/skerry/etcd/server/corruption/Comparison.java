package io.skerry.etcd.server.corruption;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the members' reports say about who is damaged. Pure.
 *
 * @param self the member that compares
 * @param cluster how many members there are
 * @param equal members, apart from this one, whose content is this one's
 * @param different reports of members whose content is another
 */
record Comparison(long self, int cluster, Set<Long> equal, Map<Long, ContentReport> different) {
    Comparison {
        equal = Set.copyOf(equal);
        different = Map.copyOf(different);
    }

    /**
     * Whether this member's content is that of most members, as far as can be seen; nobody who
     * differs means yes.
     */
    boolean trustsItself() {
        return different.isEmpty() || majority(1 + equal.size());
    }

    /**
     * Who is damaged: all but the majority. Where there is none, it is all who differ from this
     * member, as nothing better is known.
     */
    SortedSet<Long> damaged() {
        var damaged = new TreeSet<>(different.keySet());
        if (!trustsItself()) {
            for (Set<Long> members : alike().values()) {
                if (majority(members.size())) {
                    damaged.add(self);
                    damaged.addAll(equal);
                    damaged.removeAll(members);
                }
            }
        }
        return damaged;
    }

    private Map<ContentReport, Set<Long>> alike() {
        var alike = new HashMap<ContentReport, Set<Long>>();
        different.forEach((member, report) ->
                alike.computeIfAbsent(report, _ -> new TreeSet<>()).add(member));
        return alike;
    }

    private boolean majority(int members) {
        return members > cluster / 2;
    }
}
