package io.skerry.fleet.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.MemoryStore;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.fleet.store.StoreTxn.Write;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineListTest {
    private static final String FIRST = "1".repeat(32);
    private static final String SECOND = "2".repeat(32);

    private final Keys keys = new Keys("/fleet/");
    private final MemoryStore store = new MemoryStore();

    @Test
    void followsWhoComesAndGoes() throws Exception {
        register(FIRST);
        try (var list = new MachineList(store, keys)) {
            await(list, FIRST);
            register(SECOND);
            commit(new Write.Put(keys.metadata(SECOND) + "region", "us"));
            await(list, FIRST, SECOND);
            commit(new Write.Delete(keys.machine(FIRST)));
            await(list, SECOND);
        }
    }

    private void register(String id) {
        commit(new Write.Put(keys.machine(id), Codec.encode(WitnessesTest.machine(id))));
    }

    private void commit(Write write) {
        store.commit(new StoreTxn(List.of(), List.of(write)), 0);
    }

    private static void await(MachineList list, String... ids) throws InterruptedException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!ids(list).equals(List.of(ids)) && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(ids(list)).containsExactly(ids);
    }

    private static List<String> ids(MachineList list) {
        return list.machines().stream().map(machine -> machine.id()).sorted().toList();
    }
}
