package io.skerry.fleet.daemon;

import io.skerry.base.log.Log;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.FleetStore;
import io.skerry.fleet.store.KeyRange;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Keys.Place;
import io.skerry.fleet.store.Listing;
import io.skerry.fleet.store.Mirror;
import io.skerry.fleet.store.RegistryException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The machines of the cluster, followed by a host that has no engine which does so. Thread-safe.
 */
final class MachineList implements AutoCloseable {
    private static final Log LOG = Log.of(MachineList.class);

    private final Keys keys;
    private final Map<String, MachineState> machines = new ConcurrentHashMap<>();
    private final Mirror mirror;

    /** Starts to follow. */
    MachineList(FleetStore store, Keys keys) {
        this.keys = keys;
        this.mirror =
                new Mirror(
                        "fleet-machines-mirror",
                        store,
                        List.of(KeyRange.under(keys.machines())),
                        new News());
    }

    /** Those that are registered, as far as it is known. */
    List<MachineState> machines() {
        return List.copyOf(machines.values());
    }

    private final class News implements Mirror.Listener {
        @Override
        public void listed(Listing listing) {
            machines.clear();
            listing.entries().forEach(this::written);
        }

        @Override
        public void changed(List<Change> changes) {
            for (Change change : changes) {
                switch (change) {
                    case Change.Written(var entry) -> written(entry);
                    case Change.Deleted(var key, _) -> {
                        if (keys.locate(key).orElse(null) instanceof Place.Machine(var id)) {
                            machines.remove(id);
                        }
                    }
                }
            }
        }

        private void written(Entry entry) {
            if (keys.locate(entry.key()).orElse(null) instanceof Place.Machine(var id)) {
                try {
                    machines.put(id, Codec.machine(entry));
                } catch (RegistryException e) {
                    LOG.warn("machine cannot be read", "key", entry.key(), "cause", e.getMessage());
                }
            }
        }
    }

    @Override
    public void close() {
        mirror.close();
    }
}
