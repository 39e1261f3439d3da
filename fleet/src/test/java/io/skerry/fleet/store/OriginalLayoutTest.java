package io.skerry.fleet.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OriginalLayoutTest {
    private static final String HASH = "00ff10" + "0".repeat(34);
    private static final String UNIT_BYTES = "[0,255,16" + ",0".repeat(17) + "]";

    private final OriginalLayout layout = new OriginalLayout(new Keys(Keys.DEFAULT_PREFIX));
    private final Map<String, String> keys = new TreeMap<>();

    private OriginalLayoutTest put(String key, String value) {
        keys.put(Keys.DEFAULT_PREFIX + key, value);
        return this;
    }

    /** What a client sees that asks for a path and all below. */
    private Map<String, String> files(String path) {
        String wanted = "/_coreos.com/fleet" + path;
        List<String> prefixes = layout.prefixes(wanted);
        List<Entry> read =
                keys.entrySet().stream()
                        .filter(k -> prefixes.stream().anyMatch(k.getKey()::startsWith))
                        .map(k -> new Entry(k.getKey(), k.getValue(), 3, 5, 0))
                        .toList();
        return layout.files(read).stream()
                .filter(f -> (f.key() + "/").startsWith(wanted + "/"))
                .collect(
                        Collectors.toMap(
                                f -> f.key().substring(Keys.DEFAULT_PREFIX.length()),
                                Entry::value,
                                (a, b) -> a,
                                TreeMap::new));
    }

    private OriginalLayoutTest launchedUnit(String active, String reportedHash) {
        return put(
                        "job/web.service/object",
                        "{\"Name\":\"web.service\",\"UnitHash\":\"" + HASH + "\",\"XFleet\":[]}")
                .put("job/web.service/target-state", "launched")
                .put("job/web.service/target", "m1")
                .put(
                        "states/web.service/m1",
                        """
                        {"loadState":"loaded","activeState":"%s","subState":"x","unitHash":"%s",\
                        "machineState":{"ID":"m1"}}\
                        """
                                .formatted(active, reportedHash));
    }

    @Test
    void jobHasItsHashAsBytesAndTheMachineThatLaunchedIt() {
        launchedUnit("active", HASH);
        assertThat(files("/job/web.service"))
                .isEqualTo(
                        Map.of(
                                "job/web.service/object",
                                "{\"Name\":\"web.service\",\"UnitHash\":" + UNIT_BYTES + "}",
                                "job/web.service/target-state",
                                "launched",
                                "job/web.service/target",
                                "m1",
                                "job/web.service/job-state",
                                "m1"));
        assertThat(files("/job/web.service/job-state")).containsValue("m1");
        assertThat(files("/job")).isEqualTo(files("/job/web.service"));
    }

    @Test
    void unitThatDoesNotRunWithItsPresentFileIsNotLaunched() {
        assertThat(launchedUnit("inactive", HASH).files("/job"))
                .doesNotContainKey("job/web.service/job-state");
        assertThat(launchedUnit("active", "f" + HASH.substring(1)).files("/job"))
                .doesNotContainKey("job/web.service/job-state");
        assertThat(launchedUnit("failed", HASH).files("/job"))
                .as("one that was started and failed stays launched")
                .containsKey("job/web.service/job-state");
    }

    @Test
    void leaderIsAnObjectAndTellsTheEnginesVersion() {
        put("lease/engine-leader", "m1");
        assertThat(files("/lease")).containsValue("{\"MachineID\":\"m1\",\"Version\":1}");
        assertThat(files("/engine")).isEqualTo(Map.of("engine/version", "1"));
    }

    @Test
    void restIsAsItStandsAndWhatTheOriginalDoesNotKnowIsLeftOut() {
        put("machines/m1/object", "{\"ID\":\"m1\"}")
                .put("machines/m1/metadata/az", "a")
                .put("machines/m1/drain", "")
                .put("unit/" + HASH, "{\"Raw\":\"[Service]\\n\"}")
                .put("schedule/m1/web.service", "{\"duty\":\"launch\"}");
        launchedUnit("active", HASH).put("job/web.service/move", "m2");
        assertThat(files("").keySet())
                .containsExactly(
                        "job/web.service/job-state",
                        "job/web.service/object",
                        "job/web.service/target",
                        "job/web.service/target-state",
                        "machines/m1/metadata/az",
                        "machines/m1/object",
                        "states/web.service/m1",
                        "unit/" + HASH);
        assertThat(files("/unit/" + HASH)).containsValue("{\"Raw\":\"[Service]\\n\"}");
        assertThat(files("/machines").keySet())
                .containsExactly("machines/m1/metadata/az", "machines/m1/object");
    }

    @Test
    void jobThatCannotBeReadHasNoObject() {
        put("job/web.service/object", "{\"Name\":\"web.service\",\"UnitHash\":\"12\"}")
                .put("job/db.service/object", "no json");
        assertThat(files("/job")).isEmpty();
    }
}
