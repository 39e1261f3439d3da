package io.skerry.bench.store;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** What a figure is to be. */
public sealed interface Goal {
    /** Whether it is reached by these figures. */
    boolean reached(double etcd, double skerry);

    /** For people, for instance {@code <=1.0x}. */
    String text();

    private static String times(double ratio) {
        return new DecimalFormat("0.0#x", DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(ratio);
    }

    /** Ours divided by the original's is at least this. */
    record RatioAtLeast(double ratio) implements Goal {
        @Override
        public boolean reached(double etcd, double skerry) {
            return skerry / etcd >= ratio;
        }

        @Override
        public String text() {
            return ">=" + times(ratio);
        }
    }

    /** Ours divided by the original's is at most this. */
    record RatioAtMost(double ratio) implements Goal {
        @Override
        public boolean reached(double etcd, double skerry) {
            return skerry / etcd <= ratio;
        }

        @Override
        public String text() {
            return "<=" + times(ratio);
        }
    }

    /** Ours is at most this, whatever the original's. */
    record AtMost(double most) implements Goal {
        @Override
        public boolean reached(double etcd, double skerry) {
            return skerry <= most;
        }

        @Override
        public String text() {
            return String.format(Locale.ROOT, "<=%.0f", most);
        }
    }

    /** Told only because it helps to understand the others. */
    record None() implements Goal {
        @Override
        public boolean reached(double etcd, double skerry) {
            return true;
        }

        @Override
        public String text() {
            return "";
        }
    }
}
