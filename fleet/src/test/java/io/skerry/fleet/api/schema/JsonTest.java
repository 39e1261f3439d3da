package io.skerry.fleet.api.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.StartNews;
import io.skerry.systemd.unit.UnitOption;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everyEntityIsReadAsItWasWritten() throws SchemaException {
        var unit =
                new UnitEntity(
                        "a.service",
                        List.of(new UnitOption("Service", "ExecStart", "/bin/echo \"ü\\\n  x\"")),
                        "launched",
                        "loaded",
                        "m1");
        var state = new UnitStateEntity("a.service", "h", "m1", "loaded", "active", "running");
        var ended =
                new UnitStateEntity(
                        "b.service", "h", "m1", "loaded", "inactive", "dead", StartNews.DONE);
        var machine =
                new Machine(
                        "m1",
                        Map.of("os", "linux", "disk", ""),
                        "10.88.0.11",
                        "drained",
                        new Resources(1500, 1 << 20),
                        new Resources(500, 0));
        var explanation =
                new Explanation("a.service", "launched", "", List.of("m1", "m2"), "because");

        readBack(unit, JsonWriter.unit(unit), JsonReader.ANSWERS::unit);
        readBack(state, JsonWriter.state(state), JsonReader.ANSWERS::state);
        readBack(ended, JsonWriter.state(ended), JsonReader.ANSWERS::state);
        readBack(explanation, JsonWriter.explanation(explanation), JsonReader.ANSWERS::explanation);
        readBack("no", JsonWriter.error(400, "no"), JsonReader.ANSWERS::errorMessage);
        var machines = new Page<>(List.of(machine, machine), "next");
        readBack(machines, JsonWriter.machines(machines), JsonReader.ANSWERS::machines);
        var units = new Page<>(List.of(unit), "");
        readBack(units, JsonWriter.units(units), JsonReader.ANSWERS::units);
        var states = new Page<>(List.of(state, state), "x");
        readBack(states, JsonWriter.states(states), JsonReader.ANSWERS::states);

        assertThat(JsonReader.REQUESTS.unit(JsonWriter.unit(unit))).isEqualTo(unit);
        assertThat(JsonReader.REQUESTS.units(JsonWriter.units(units))).isEqualTo(units);
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(byte[] json) throws SchemaException;
    }

    /** As it was written, and as a later version may write it, with more in every object. */
    private static <T> void readBack(T value, byte[] json, Reader<T> reader)
            throws SchemaException {
        assertThat(reader.read(json)).isEqualTo(value);
        String text = new String(json, StandardCharsets.UTF_8);
        // All of what metadata holds is known: it is the users' own.
        String more =
                text.replaceAll(
                        "(?<!\"metadata\":)\\{(?=\")", "{\"later\":{\"x\":[1,null,{\"y\":true}]},");
        assertThat(more).isNotEqualTo(text);
        assertThat(reader.read(bytes(more))).as(more).isEqualTo(value);
    }

    @Test
    void everyEventIsReadAsItWasWritten() throws SchemaException {
        List<WatchEvent> events =
                List.of(
                        new WatchEvent.UnitChanged(
                                "a.service", "h", "launched", "loaded", "m1", false, "why"),
                        new WatchEvent.UnitChanged("g.service", "h", "launched", "", "", true, ""),
                        new WatchEvent.UnitGone("a.service"),
                        new WatchEvent.StateChanged(
                                new UnitStateEntity("a.service", "h", "m1", "l", "a", "s")),
                        new WatchEvent.StateGone("a.service", "m1"),
                        new WatchEvent.MachineChanged(
                                new Machine(
                                        "m1",
                                        Map.of(),
                                        "10.0.0.1",
                                        "",
                                        Resources.NONE,
                                        Resources.NONE)),
                        new WatchEvent.MachineGone("m1"),
                        new WatchEvent.Synced(),
                        new WatchEvent.Alive());

        for (WatchEvent event : events) {
            readBack(event, JsonWriter.event(event), JsonReader.ANSWERS::event);
        }
    }

    @Test
    void anEventThatOnlyLaterVersionsKnowSaysNoMoreThanThatItsHostLives() throws SchemaException {
        assertThat(JsonReader.ANSWERS.event(bytes("{\"weather\":{\"sky\":[\"grey\"]}}")))
                .isEqualTo(new WatchEvent.Alive());
    }

    /** Of 503 that would be taken for a host that may not speak for the cluster. */
    @Test
    void anAnswerWithoutAnErrorsMessageIsNotTheApis() {
        for (String json : List.of("{}", "{\"message\":\"busy\"}", "{\"error\":{\"code\":503}}")) {
            assertThatThrownBy(() -> JsonReader.ANSWERS.errorMessage(bytes(json)))
                    .as(json)
                    .isInstanceOf(SchemaException.class);
            assertThat(StoreAway.isSaidBy(StoreAway.STATUS, bytes(json))).isTrue();
        }
    }

    @Test
    void whatIsNotOursIsRefusedWithAReason() {
        refused("", "unit must be an object, not the end of the text");
        refused("[]", "unit must be an object, not an array");
        refused("{\"name\":3}", "field 'name' must be a string");
        refused("{\"nmae\":\"x\"}", "unknown field 'nmae' in unit");
        refused("{\"name\":\"a\",\"name\":\"b\"}", "Duplicate field 'name'");
        refused("{\"options\":[{\"section\":\"Unit\",\"nam\":\"x\"}]}", "unknown field 'nam'");
        refused("{\"options\":[3]}", "options must be an array");
        refused("{\"name\":\"a\"} {}", "text after the end");
        refused("{\"name\":\"a\"", "not JSON");
        refused("{\"options\":" + "[".repeat(100) + "]".repeat(100) + "}", "options must be");
    }

    private static void refused(String json, String reason) {
        assertThatThrownBy(() -> JsonReader.REQUESTS.unit(bytes(json)))
                .as(json)
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(reason);
    }
}
