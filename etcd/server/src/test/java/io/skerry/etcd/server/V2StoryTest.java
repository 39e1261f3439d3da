package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ours answers v2 requests as Debian's etcd does: status, headers' names, body. */
class V2StoryTest {
    /** What depends on the transport, on the moment, or is only there because etcd allows CORS. */
    private static final Set<String> HEADERS_LEFT_OUT =
            Set.of("date", "content-length", "transfer-encoding", "x-content-type-options");

    private static final Pattern LINE =
            Pattern.compile(
                    "(?<method>[A-Z]+)(@(?<caller>\\S+))? (?<target>\\S+)"
                            + "( (?<json>\\{.*)| \\|(?<form>.*))?");
    private static final Pattern INDEX =
            Pattern.compile("\"(modifiedIndex|createdIndex|index)\":[1-9]\\d*");
    private static final Pattern TIME =
            Pattern.compile(
                    "\"(expiration|startTime|uptime)\":\"(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z?|[^\"]+)\"");
    private static final Pattern TTL = Pattern.compile("\"ttl\":(\\d+)");
    private static final Pattern ID = Pattern.compile("\"(id|leader)\":\"[0-9a-f]+\"");
    private static final Pattern IN_ORDER = Pattern.compile("/\\d{20}");
    private static final Pattern COMPARED = Pattern.compile("\\[\\d+ != \\d+\\]");
    private static final Pattern URL = Pattern.compile("http://127.0.0.1:\\d+");

    @TempDir Path directory;

    @Test
    void answersEachRequestAsEtcdDoes() throws Exception {
        assumeThat(Path.of("/usr/bin/etcd")).exists();
        List<String> expected;
        try (var theirs = Members.theirs(Files.createDirectory(directory.resolve("t")), 1)) {
            expected = tell(theirs.with("--enable-v2=true").startAll());
        }
        List<String> told;
        try (var ours = Members.ours(Files.createDirectory(directory.resolve("o")), 1, null)) {
            told = tell(ours.startAll());
        }
        assertThat(expected).hasSizeGreaterThan(150);
        Told.assertSame(told, expected);
    }

    private static List<String> tell(Members members) throws Exception {
        var told = new ArrayList<String>();
        try (var client = V2Client.of(members.endpoint(0)).awaitServing()) {
            String index = "0";
            for (String line : story()) {
                var answer = ask(client, line.replace("{index}", index));
                if (answer.body().contains("\"node\":{\"key\"")) {
                    index = Long.toString(answer.index());
                }
                told.add("> " + line);
                told.add(
                        answer.status()
                                + " "
                                + headers(answer)
                                + " "
                                + answer.header("content-type")
                                + " "
                                + answer.header("allow"));
                told.add(normalized(answer.body()));
            }
        }
        return told;
    }

    private static V2Client.Answer ask(V2Client client, String line) throws Exception {
        var parsed = LINE.matcher(line);
        assertThat(parsed.matches()).as(line).isTrue();
        var request = client.request(parsed.group("target"));
        String caller = parsed.group("caller");
        if (caller != null) {
            byte[] bytes = caller.getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        var body = BodyPublishers.noBody();
        String json = parsed.group("json");
        String form = parsed.group("form");
        if (json != null) {
            request.header("Content-Type", "application/json");
            body = BodyPublishers.ofString(json);
        } else if (form != null) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
            body = BodyPublishers.ofString(form.strip());
        }
        return client.send(request.method(parsed.group("method"), body).build());
    }

    private static Set<String> headers(V2Client.Answer answer) {
        var names = new TreeSet<String>();
        for (String name : answer.response().headers().map().keySet()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HEADERS_LEFT_OUT.contains(lower) && !lower.startsWith("access-control-")) {
                names.add(lower);
            }
        }
        return names;
    }

    private static String normalized(String body) {
        String text = INDEX.matcher(body).replaceAll("\"$1\":N");
        text = TIME.matcher(text).replaceAll("\"$1\":T");
        text = ID.matcher(text).replaceAll("\"$1\":ID");
        text = COMPARED.matcher(text).replaceAll("[N != N]");
        text = IN_ORDER.matcher(text).replaceAll("/N");
        // Of a hundred seconds some may pass on a busy machine.
        text = TTL.matcher(text).replaceAll(ttl -> "\"ttl\":" + hundreds(ttl.group(1)) + "00");
        return URL.matcher(text).replaceAll("URL");
    }

    private static long hundreds(String seconds) {
        return Math.ceilDiv(Long.parseLong(seconds), 100L);
    }

    private static List<String> story() throws IOException {
        try (var in =
                Objects.requireNonNull(V2StoryTest.class.getResourceAsStream("v2-story.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
