package io.skerry.etcd.server.alarm;

import io.etcd.jetcd.api.AlarmRequest;

/**
 * One alarm of one member.
 *
 * @param memberId who raised it, or about whom it was raised
 */
public record Alarm(long memberId, Kind kind) implements Comparable<Alarm> {

    /** What is wrong, by etcd's numbers and words. */
    public enum Kind {
        /** The store holds more than its quota. */
        NOSPACE(1),
        /** A member's content differs from the others'. */
        CORRUPT(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** The value of {@code AlarmType}. */
        public int number() {
            return number;
        }

        /**
         * The kind of this number.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(
                    "alarm type " + number + " must be 1 (NOSPACE) or 2 (CORRUPT)");
        }
    }

    /** The request that raises it. */
    public AlarmRequest activation() {
        return AlarmRequest.newBuilder()
                .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                .setMemberID(memberId)
                .setAlarmValue(kind.number())
                .build();
    }

    /** By member, then by kind. */
    @Override
    public int compareTo(Alarm other) {
        int order = Long.compareUnsigned(memberId, other.memberId);
        return order != 0 ? order : kind.compareTo(other.kind);
    }
}
