package io.skerry.fleet.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.store.Keys.Place;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * fleet's keys as the original laid them out in v2 of etcd, for programs that read there. Most are
 * the same; a job's object has its hash as a list of bytes, {@code job/U/job-state} names the
 * machine on which the unit is launched, the leader's key is an object, and there is {@code
 * engine/version}. What only Skerry has is left out. Pure.
 */
public final class OriginalLayout {
    /** The format of the original's engines since 0.8. */
    private static final int ENGINE_VERSION = 1;

    private static final int HASH_CHARACTERS = 40;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Keys keys;

    public OriginalLayout(Keys keys) {
        this.keys = keys;
    }

    /** The directory of all of it, without a slash at its end. */
    public String directory() {
        return keys.prefix().substring(0, keys.prefix().length() - 1);
    }

    /**
     * Beginnings of all keys that tell what lies at and below a path.
     *
     * @param path {@link #directory} or one below it
     */
    public List<String> prefixes(String path) {
        if (path.length() <= keys.prefix().length()) {
            return List.of(keys.prefix());
        }
        String[] parts = path.substring(keys.prefix().length()).split("/", 3);
        String unit = parts.length == 1 ? "" : parts[1];
        return switch (parts[0]) {
            case "job" -> List.of(keys.jobs() + unit, keys.states() + unit);
            case "engine" -> List.of(keys.engineLeader());
            default -> List.of(path);
        };
    }

    /** The files that these keys make, by their paths. */
    public Collection<Entry> files(List<Entry> entries) {
        Map<String, Entry> files = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.key().startsWith(keys.unitFiles())) {
                files.put(entry.key(), entry);
                continue;
            }
            switch (keys.locate(entry.key()).orElse(new Place.Other())) {
                case Place.JobObject(var unit) -> {
                    Entry object = object(unit, entry);
                    if (object != null) {
                        files.put(object.key(), object);
                    }
                }
                case Place.JobTargetState(_),
                        Place.JobTarget(_),
                        Place.Machine(_),
                        Place.Metadata(_, _),
                        Place.State(_, _) ->
                        files.put(entry.key(), entry);
                case Place.EngineLeader() -> {
                    files.put(entry.key(), leader(entry));
                    String key = keys.prefix() + "engine/version";
                    files.put(key, with(entry, key, String.valueOf(ENGINE_VERSION)));
                }
                case Place.JobMove(_),
                        Place.JobNext(_),
                        Place.JobOutcome(_),
                        Place.Drain(_),
                        Place.Schedule(_, _),
                        Place.Other() -> {}
            }
        }
        for (Entry heartbeat : heartbeats(entries)) {
            files.put(heartbeat.key(), heartbeat);
        }
        return List.copyOf(files.values());
    }

    /** Null for one that the original could not read either. */
    private static @Nullable Entry object(UnitName unit, Entry entry) {
        try {
            String hash = Codec.job(unit, entry).hash();
            if (hash.length() != HASH_CHARACTERS) {
                return null;
            }
            ObjectNode node = JSON.createObjectNode().put("Name", unit.value());
            var bytes = node.putArray("UnitHash");
            for (byte part : HexFormat.of().parseHex(hash)) {
                bytes.add(Byte.toUnsignedInt(part));
            }
            return with(entry, entry.key(), node.toString());
        } catch (RegistryException | IllegalArgumentException e) {
            return null;
        }
    }

    private static Entry leader(Entry entry) {
        ObjectNode node = JSON.createObjectNode();
        node.put("MachineID", entry.value()).put("Version", ENGINE_VERSION);
        return with(entry, entry.key(), node.toString());
    }

    /** {@code job-state} of each unit whose machine reports its present file as launched. */
    private List<Entry> heartbeats(List<Entry> entries) {
        Map<UnitName, JobRecord> jobs = JobRecord.collect(keys, entries);
        List<Entry> heartbeats = new ArrayList<>();
        for (Entry entry : entries) {
            if (keys.locate(entry.key()).orElse(null)
                    instanceof Place.State(var unit, var machineId)) {
                JobRecord job = jobs.getOrDefault(unit, JobRecord.empty(unit));
                if (launched(job, machineId, entry)) {
                    heartbeats.add(with(entry, keys.job(unit) + "job-state", machineId));
                }
            }
        }
        return heartbeats;
    }

    private static boolean launched(JobRecord job, String machineId, Entry state) {
        Entry object = job.object();
        Entry target = job.target();
        if (object == null || target == null || !target.value().equals(machineId)) {
            return false;
        }
        try {
            String hash = Codec.job(job.name(), object).hash();
            return Codec.report(job.name(), machineId, state).progress(hash, job.wanted())
                    == TargetState.LAUNCHED;
        } catch (RegistryException e) {
            return false;
        }
    }

    private static Entry with(Entry entry, String key, String value) {
        return new Entry(key, value, entry.createRevision(), entry.modRevision(), entry.lease());
    }
}
