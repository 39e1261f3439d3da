package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What ours and Debian's etcd have told in the same story, line by line. */
final class Told {
    private static final int LINES_BEFORE = 3;

    private Told() {}

    /** Shows the first difference and what stands before it, since stories are long. */
    static void assertSame(List<String> told, List<String> expected) {
        for (int i = 0; i < Math.min(told.size(), expected.size()); i++) {
            var before = told.subList(Math.max(0, i - LINES_BEFORE), i);
            assertThat(told.get(i)).as("after %s", before).isEqualTo(expected.get(i));
        }
        assertThat(told).hasSameSizeAs(expected);
    }
}
