package io.skerry.flannel.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PutTableTest {
    /** What somebody adds at the next puts, before they are listed. */
    private final ArrayDeque<String> meddling = new ArrayDeque<>();

    private final List<String> kernel = new ArrayList<>();
    private final PutTable<String> table = new PutTable<>();
    private int puts;

    private boolean ensure(String wanted) throws Exception {
        return table.ensure(
                wanted,
                () -> {
                    puts++;
                    kernel.clear();
                    kernel.add(wanted);
                    if (!meddling.isEmpty()) {
                        kernel.add(meddling.remove());
                    }
                },
                () -> kernel.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", kernel)));
    }

    @Test
    void whatIsAsItWasPutIsLeftAlone() throws Exception {
        assertThat(ensure("rules")).isTrue();
        assertThat(ensure("rules")).isFalse();
        assertThat(puts).isOne();

        kernel.clear();
        assertThat(ensure("rules")).isTrue();
        assertThat(puts).isEqualTo(2);
        assertThat(ensure("other rules")).isTrue();
        assertThat(kernel).isEqualTo(List.of("other rules"));
    }

    @Test
    void whatSomebodyAddsWhileItIsMendedIsNotTakenForOurs() throws Exception {
        ensure("rules");
        kernel.clear();
        meddling.add("drop");

        ensure("rules");

        assertThat(kernel).isEqualTo(List.of("rules"));
        assertThat(ensure("rules")).isFalse();
    }

    @Test
    void whoeverMeddlesAllTheTimeIsNotFoughtWithoutEnd() throws Exception {
        ensure("rules");
        kernel.clear();
        for (int i = 0; i < 100; i++) {
            meddling.add("drop " + i);
        }

        ensure("rules");

        assertThat(puts).isLessThan(10);
    }
}
