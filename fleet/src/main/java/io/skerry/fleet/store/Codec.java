package io.skerry.fleet.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.StartNews;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.model.UnitStateReport;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import io.skerry.systemd.unit.UnitOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of fleet's keys: JSON objects whose fields unknown to this version are left aside, so
 * that versions can be mixed during an upgrade. Decoding fails with a {@link RegistryException}
 * that names the key.
 */
public final class Codec {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Codec() {}

    /** Encodes a machine. */
    public static String encode(MachineState machine) {
        ObjectNode node = JSON.createObjectNode();
        node.put("ID", machine.id());
        node.put("PublicIP", machine.publicIp());
        ObjectNode metadata = node.putObject("Metadata");
        machine.metadata().forEach(metadata::put);
        node.put("Version", machine.version());
        node.put("BootID", machine.bootId());
        if (!machine.capacity().isNone()) {
            node.putObject("Capacity")
                    .put("CPUMillis", machine.capacity().cpuMillis())
                    .put("MemoryBytes", machine.capacity().memoryBytes());
        }
        if (machine.leaving()) {
            node.put("Leaving", true);
        }
        return node.toString();
    }

    /** Decodes the value of {@code machines/M/object}. */
    public static MachineState machine(Entry entry) throws RegistryException {
        JsonNode node = read(entry);
        var metadata = new TreeMap<String, String>();
        node.path("Metadata")
                .properties()
                .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
        try {
            return new MachineState(
                    node.path("ID").asText(),
                    node.path("PublicIP").asText(),
                    metadata,
                    node.path("BootID").asText(),
                    node.path("Version").asText(),
                    node.path("Leaving").asBoolean(),
                    false,
                    capacity(node.path("Capacity")));
        } catch (IllegalArgumentException e) {
            throw unreadable(entry, e);
        }
    }

    private static Resources capacity(JsonNode node) {
        return new Resources(node.path("CPUMillis").asLong(), node.path("MemoryBytes").asLong());
    }

    /** Encodes a job's object. */
    public static String encodeJob(UnitName name, UnitFile file, @Nullable Rollout rollout) {
        ObjectNode node = JSON.createObjectNode();
        node.put("Name", name.value());
        node.put("UnitHash", file.sha1Hash());
        var options = node.putArray("XFleet");
        for (UnitOption option : file.options()) {
            if (option.section().equals(UnitRequirements.SECTION)) {
                options.add(option.name() + "=" + option.value());
            }
        }
        if (rollout != null) {
            node.put("Rollout", rollout.id());
            node.put("Position", rollout.position());
        }
        return node.toString();
    }

    /** Encodes the outcome of a unit. */
    public static String encode(Outcome outcome) {
        return JSON.createObjectNode()
                .put("hash", outcome.hash())
                .put("machineID", outcome.machineId())
                .toString();
    }

    /** Decodes the value of {@code job/U/outcome}. */
    public static Outcome outcome(Entry entry) throws RegistryException {
        JsonNode node = read(entry);
        return new Outcome(node.path("hash").asText(), node.path("machineID").asText());
    }

    /** Decodes the value of {@code job/U/object} and {@code job/U/next}. */
    public static JobObject job(UnitName name, Entry entry) throws RegistryException {
        JsonNode node = read(entry);
        List<UnitOption> options = new ArrayList<>();
        for (JsonNode option : node.path("XFleet")) {
            String text = option.asText();
            int equals = text.indexOf('=');
            if (equals > 0) {
                options.add(
                        new UnitOption(
                                UnitRequirements.SECTION,
                                text.substring(0, equals),
                                text.substring(equals + 1)));
            }
        }
        try {
            Rollout rollout =
                    node.has("Rollout")
                            ? new Rollout(
                                    node.path("Rollout").asText(), node.path("Position").asInt())
                            : null;
            return new JobObject(
                    node.path("UnitHash").asText(), UnitRequirements.parse(name, options), rollout);
        } catch (InvalidUnitException | IllegalArgumentException e) {
            throw unreadable(entry, e);
        }
    }

    /** Encodes an order. */
    public static String encode(Order order) {
        ObjectNode node = JSON.createObjectNode();
        node.put("duty", order.duty().wireName());
        node.put("hash", order.hash());
        if (order.relief() != Order.Relief.NONE) {
            node.put("relief", order.relief().wireName());
        }
        if (order.finished()) {
            node.put("finished", true);
        }
        return node.toString();
    }

    /** Decodes the value of {@code schedule/M/U}. */
    public static Order order(Entry entry) throws RegistryException {
        JsonNode node = read(entry);
        String duty = node.path("duty").asText();
        return new Order(
                Order.Duty.parse(duty)
                        .orElseThrow(() ->
                                new RegistryException(
                                        "key " + entry.key() + " asks for '" + duty + "'")),
                node.path("hash").asText(),
                Order.Relief.parse(node.path("relief").asText()).orElse(Order.Relief.NONE),
                node.path("finished").asBoolean());
    }

    /** Encodes a reported state. */
    public static String encode(UnitStateReport report) {
        ObjectNode node = JSON.createObjectNode();
        node.put("loadState", report.load());
        node.put("activeState", report.active());
        node.put("subState", report.sub());
        node.put("unitHash", report.hash());
        if (!report.start().equals(StartNews.UNTOLD)) {
            node.put("start", report.start().word());
        }
        node.putObject("machineState").put("ID", report.machineId());
        return node.toString();
    }

    /** Decodes the value of {@code states/U/M}. */
    public static UnitStateReport report(UnitName unit, String machineId, Entry entry)
            throws RegistryException {
        JsonNode node = read(entry);
        return new UnitStateReport(
                unit,
                machineId,
                node.path("unitHash").asText(),
                new UnitState(
                        node.path("loadState").asText(),
                        node.path("activeState").asText(),
                        node.path("subState").asText()),
                new StartNews(node.path("start").asText()));
    }

    /** Encodes a unit file's text. */
    public static String encode(UnitFile file) {
        return JSON.createObjectNode().put("Raw", file.serialize()).toString();
    }

    /** Decodes the value of {@code unit/HASH}. */
    public static UnitFile unitFile(UnitName name, Entry entry) throws RegistryException {
        try {
            return UnitFile.parse(name.value(), read(entry).path("Raw").asText());
        } catch (UnitFileException e) {
            throw unreadable(entry, e);
        }
    }

    private static JsonNode read(Entry entry) throws RegistryException {
        try {
            return JSON.readTree(entry.value());
        } catch (JsonProcessingException e) {
            throw unreadable(entry, e);
        }
    }

    private static RegistryException unreadable(Entry entry, Exception cause) {
        return new RegistryException(
                "key " + entry.key() + " cannot be read: " + cause.getMessage(), cause);
    }
}
