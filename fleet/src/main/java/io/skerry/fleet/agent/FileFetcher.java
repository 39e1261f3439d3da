package io.skerry.fleet.agent;

import io.skerry.base.log.Log;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.FleetStore;
import io.skerry.fleet.store.KeyRange;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.RegistryException;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Has the unit files that orders mean read from the store, one read at a time: what is ordered
 * while one is under way is read together by the next. Confined to the agent's loop.
 */
final class FileFetcher {
    private static final Log LOG = Log.of(FileFetcher.class);

    /** etcd allows 128 operations in a request; files may be large. */
    private static final int FILES_A_READ = 50;

    private final AgentCore core;
    private final FleetStore store;
    private final Keys keys;
    private final Executor loop;
    private final Executor background;

    /** Those of the read under way, and those that could not be had a moment ago. */
    private final Set<String> asked = new HashSet<>();

    private boolean reading;

    FileFetcher(AgentCore core, FleetStore store, Keys keys, Executor loop, Executor background) {
        this.core = core;
        this.store = store;
        this.keys = keys;
        this.loop = loop;
        this.background = background;
    }

    /** Begins the next read, when there is one. */
    void act() {
        if (reading) {
            return;
        }
        Map<String, UnitName> wanted = new HashMap<>();
        core.missingFiles()
                .forEach((hash, unit) -> {
                    if (wanted.size() < FILES_A_READ && asked.add(hash)) {
                        wanted.put(hash, unit);
                    }
                });
        if (!wanted.isEmpty()) {
            reading = true;
            background.execute(() -> fetch(wanted));
        }
    }

    private void fetch(Map<String, UnitName> wanted) {
        Map<String, UnitFile> files = new HashMap<>();
        try {
            List<KeyRange> ranges =
                    wanted.keySet().stream().map(keys::unitFile).map(KeyRange::only).toList();
            for (Entry entry : store.list(ranges).entries()) {
                read(entry, wanted, files);
            }
            wanted.forEach((hash, unit) -> {
                if (!files.containsKey(hash)) {
                    LOG.error("unit file is not in the store", "unit", unit, "hash", hash);
                }
            });
        } catch (RegistryException e) {
            LOG.warn("cannot fetch unit files", "count", wanted.size(), "cause", e.getMessage());
        } catch (RuntimeException e) {
            // A bug must not leave the host without files for ever.
            LOG.error("fetching unit files failed", "hashes", wanted.keySet(), e);
        }
        loop.execute(() -> {
            reading = false;
            asked.removeAll(files.keySet());
            files.forEach(core::file);
        });
        if (files.size() < wanted.size()) {
            askAgainLater(wanted.keySet());
        }
    }

    private void read(Entry entry, Map<String, UnitName> wanted, Map<String, UnitFile> files) {
        String hash = entry.key().substring(keys.unitFiles().length());
        UnitName unit = Objects.requireNonNull(wanted.get(hash));
        try {
            files.put(hash, Codec.unitFile(unit, entry));
        } catch (RegistryException e) {
            LOG.warn("unit file cannot be used", "unit", unit, "cause", e.getMessage());
        }
    }

    private void askAgainLater(Set<String> hashes) {
        try {
            TimeUnit.NANOSECONDS.sleep(Reporter.STORE_RETRY.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.execute(() -> asked.removeAll(hashes));
    }
}
