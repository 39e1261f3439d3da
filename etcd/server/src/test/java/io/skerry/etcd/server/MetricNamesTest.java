package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each metric of Debian's etcd is served by ours, too, or it is said why it is not. */
class MetricNamesTest {
    private static final String NO_BBOLT = "the store is no bbolt file";
    private static final String NO_FILES = "there are no snapshot files";
    private static final String NO_PROXY = "there is no proxy mode";
    private static final String STEPS = "compaction goes on in small steps, none of which pauses";
    private static final String V2 = "counted in /v2/stats/store";
    private static final String NO_ENDING = "a counter's name ends in _total, so it is a gauge";

    /** Those that ours do not have, or have as something else. */
    private static final Map<String, String> OTHERWISE =
            Map.ofEntries(
                    Map.entry(
                            "etcd_debugging_disk_backend_commit_rebalance_duration_seconds",
                            NO_BBOLT),
                    Map.entry(
                            "etcd_debugging_disk_backend_commit_spill_duration_seconds", NO_BBOLT),
                    Map.entry(
                            "etcd_debugging_disk_backend_commit_write_duration_seconds", NO_BBOLT),
                    Map.entry(
                            "etcd_mvcc_db_open_read_transactions",
                            "readers hold views, which are no transactions of the file"),
                    Map.entry("etcd_debugging_mvcc_db_compaction_keys_total", STEPS),
                    Map.entry(
                            "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds", STEPS),
                    Map.entry(
                            "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds", STEPS),
                    Map.entry(
                            "etcd_debugging_mvcc_index_compaction_pause_duration_milliseconds",
                            STEPS),
                    Map.entry("etcd_debugging_snap_save_marshalling_duration_seconds", NO_FILES),
                    Map.entry("etcd_debugging_snap_save_total_duration_seconds", NO_FILES),
                    Map.entry("etcd_snap_db_fsync_duration_seconds", NO_FILES),
                    Map.entry("etcd_snap_db_save_total_duration_seconds", NO_FILES),
                    Map.entry("etcd_snap_fsync_duration_seconds", NO_FILES),
                    Map.entry("etcd_debugging_store_expires_total", V2),
                    Map.entry("etcd_debugging_store_reads_total", V2),
                    Map.entry("etcd_debugging_store_watch_requests_total", V2),
                    Map.entry("etcd_debugging_store_watchers", V2),
                    Map.entry("etcd_debugging_store_writes_total", V2),
                    Map.entry(
                            "etcd_debugging_server_lease_expired_total",
                            "counted in etcd_debugging_lease_revoked_total"),
                    Map.entry(
                            "etcd_disk_wal_write_bytes_total",
                            "the log preallocates its segments; fsyncs are what is measured"),
                    Map.entry("etcd_grpc_proxy_cache_hits_total", NO_PROXY),
                    Map.entry("etcd_grpc_proxy_cache_keys_total", NO_PROXY),
                    Map.entry("etcd_grpc_proxy_cache_misses_total", NO_PROXY),
                    Map.entry("etcd_grpc_proxy_events_coalescing_total", NO_PROXY),
                    Map.entry("etcd_grpc_proxy_watchers_coalescing_total", NO_PROXY),
                    Map.entry("etcd_server_go_version", "there is no Go"),
                    Map.entry(
                            "etcd_server_heartbeat_send_failures_total",
                            "the consensus library does not tell of heartbeats; see"
                                    + " etcd_network_peer_round_trip_time_seconds"),
                    Map.entry(
                            "etcd_server_learner_promote_successes",
                            "who was promoted stands in the log"),
                    Map.entry("etcd_server_health_success", NO_ENDING),
                    Map.entry("etcd_server_health_failures", NO_ENDING));

    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        assumeThat(Path.of("/usr/bin/etcd")).exists();
    }

    /** Of one family: its type, and the names of its labels. */
    private record Family(String type, Set<String> labels) {}

    @Test
    void eachFamilyOfEtcdIsThereWithItsTypeAndLabelsOrHasAReason() throws Exception {
        try (var ours = Members.ours(directory.resolve("ours"), 1, null);
                var theirs = Members.theirs(directory.resolve("theirs"), 1)) {
            Map<String, Family> expected = scrape(theirs);
            Map<String, Family> served = scrape(ours);
            var missing = new TreeMap<String, String>();
            expected.forEach((name, family) -> {
                if (!OTHERWISE.containsKey(name) && !family.equals(served.get(name))) {
                    missing.put(name, family + " but " + served.get(name));
                }
            });
            assertThat(missing).isEmpty();
            assertThat(expected.keySet())
                    .as("reasons for what is not")
                    .containsAll(OTHERWISE.keySet());
            assertThat(served)
                    .containsKeys("etcd_server_health_success", "etcd_server_health_failures");
        }
    }

    @Test
    void bytesAndRoundTripsAreCountedForEachPeer() throws Exception {
        try (var members = Members.ours(directory, 2, null).startAll()) {
            new Etcdctl(members.endpoints(), null).awaitHealthy();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
            String text = text(members);
            while (!text.contains("etcd_network_peer_round_trip_time_seconds_count{To=\"")
                    && System.nanoTime() - until < 0) {
                TimeUnit.MILLISECONDS.sleep(200);
                text = text(members);
            }
            assertThat(text)
                    .contains("etcd_network_peer_round_trip_time_seconds_count{To=\"")
                    .containsPattern("etcd_network_peer_sent_bytes_total\\{To=\"[0-9a-f]+\"} [1-9]")
                    .containsPattern(
                            "etcd_network_peer_received_bytes_total\\{From=\"[0-9a-f]+\"} [1-9]");
        }
    }

    private static Map<String, Family> scrape(Members members) throws Exception {
        Files.createDirectories(members.data(0).getParent());
        members.with("--metrics", "extensive").startAll();
        var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
        etcdctl.out("put", "a", "1");
        etcdctl.out("get", "a");
        etcdctl.out("lease", "grant", "60");
        return families(text(members));
    }

    private static String text(Members members) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create(members.endpoint(0) + "/metrics")).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static Map<String, Family> families(String text) {
        var types = new HashMap<String, String>();
        var labels = new HashMap<String, Set<String>>();
        var sample = Pattern.compile("([a-zA-Z0-9_:]+)(?:\\{(.*)})? \\S+");
        var label = Pattern.compile("([a-zA-Z0-9_]+)=\"");
        for (String line : text.lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                types.put(words[2], words[3]);
                labels.put(words[2], new TreeSet<>());
                continue;
            }
            var matcher = sample.matcher(line);
            if (line.startsWith("#") || !matcher.matches()) {
                continue;
            }
            String name = matcher.group(1);
            String family =
                    types.containsKey(name) ? name : name.replaceFirst("_(bucket|sum|count)$", "");
            if (matcher.group(2) != null) {
                var found = label.matcher(matcher.group(2));
                while (found.find()) {
                    if (!found.group(1).equals("le")) {
                        labels.computeIfAbsent(family, _ -> new TreeSet<>()).add(found.group(1));
                    }
                }
            }
        }
        var families = new TreeMap<String, Family>();
        types.forEach((name, type) -> {
            if (name.matches("(etcd|grpc|os|process)_.*")) {
                families.put(name, new Family(type, labels.getOrDefault(name, Set.of())));
            }
        });
        return families;
    }
}
