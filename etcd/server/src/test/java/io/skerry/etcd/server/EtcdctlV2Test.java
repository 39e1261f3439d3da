package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's etcdctl in its v2 manner does with ours what it does with Debian's etcd. */
class EtcdctlV2Test {
    private static final Pattern URL = Pattern.compile("http://127.0.0.1:\\d+");
    private static final Pattern MEMBER = Pattern.compile("(?m)(^|member )[0-9a-f]{8,16}\\b");
    private static final Pattern INDEX =
            Pattern.compile("(Index: |Index=|\\[)\\d+(?=]|\\n|$)|!= \\d+(?=\\])");

    /** Commands with blanks between arguments; {@code _} stands for a blank in one. */
    private static final List<String> STORY =
            List.of(
                    "set /a 1",
                    "set /a 2",
                    "get /a",
                    "-o extended get /a",
                    "-o json get /a",
                    "get --quorum /a",
                    "get /nope",
                    "mk /b x",
                    "mk /b x",
                    "mk --in-order /queue job",
                    "mkdir /dir",
                    "mkdir /dir",
                    "mkdir --ttl 10000 /dirttl",
                    "setdir /dir/sub",
                    "setdir /dirttl",
                    "update /a 3",
                    "update /nope 3",
                    "updatedir --ttl 20000 /dir",
                    "set --ttl 10000 /t x",
                    "set --swap-with-value x /t y",
                    "set --swap-with-value x /t z",
                    "set --swap-with-index 1 /t z",
                    "rm --with-value x /t",
                    "rm --with-value y /t",
                    "rm /dir",
                    "rmdir /dir",
                    "rmdir /dir/sub",
                    "ls --sort",
                    "ls -p --sort /",
                    "ls --recursive --sort /",
                    "rm --recursive /dir",
                    "rm --dir /dirttl",
                    "rm /nope",
                    "set /a a_word",
                    "watch --after-index 1 /a",
                    "member list",
                    "cluster-health",
                    "ls /queue/none",
                    "user list",
                    "user add root:toor",
                    "auth enable",
                    "user list",
                    "-u root:toor user add ada:secret",
                    "-u root:toor user list",
                    "-u root:toor role add reader",
                    "-u root:toor role add reader",
                    "-u root:toor role grant --read --path /a* reader",
                    "-u root:toor role get reader",
                    "-u root:toor user grant --roles reader ada",
                    "-u root:toor user get ada",
                    "-u root:toor role revoke --write --path /* guest",
                    "-u root:toor role revoke --read --path /* guest",
                    "get /a",
                    "-u ada:secret get /a",
                    "-u ada:secret get /b",
                    "-u ada:secret set /a 9",
                    "-u ada:wrong get /a",
                    "-u root:toor user revoke --roles reader ada",
                    "-u root:toor role list",
                    "-u root:toor role remove reader",
                    "-u root:toor user remove ada",
                    "-u root:toor user remove root",
                    "-u root:toor auth disable",
                    "get /a");

    /** It gives its disk one second for a check, which a busy one may need more than once. */
    private static final Duration HEALTH_OF_ETCD = Duration.ofSeconds(60);

    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        assumeThat(Path.of("/usr/bin/etcd")).exists();
    }

    @Test
    void tellsTheSameStoryAsWithEtcd() throws Exception {
        List<String> expected;
        try (var theirs = Members.theirs(Files.createDirectory(directory.resolve("theirs")), 1)) {
            expected = tell(theirs.with("--enable-v2=true").startAll(), HEALTH_OF_ETCD);
        }
        List<String> told;
        try (var ours = Members.ours(Files.createDirectory(directory.resolve("ours")), 1, null)) {
            told = tell(ours.startAll(), Duration.ZERO);
        }
        for (int i = 0; i < STORY.size(); i++) {
            assertThat(told.get(i)).isEqualTo(expected.get(i));
        }
    }

    /**
     * What is told of each command, so that a difference is seen without the rest.
     *
     * @param patience for a member that says it is not healthy
     */
    private static List<String> tell(Members members, Duration patience) throws Exception {
        try (var client = V2Client.of(members.endpoint(0))) {
            client.awaitServing();
        }
        var told = new ArrayList<String>();
        for (String line : STORY) {
            Finished done = run(members.endpoint(0), line);
            long until = System.nanoTime() + patience.toNanos();
            while (line.equals("cluster-health")
                    && !done.succeeded()
                    && System.nanoTime() - until < 0) {
                TimeUnit.MILLISECONDS.sleep(200);
                done = run(members.endpoint(0), line);
            }
            told.add(
                    String.join(
                            "\n",
                            "$ etcdctl " + line,
                            normalized(done.stdout()),
                            normalized(done.stderr())));
        }
        return told;
    }

    private static Finished run(URI endpoint, String line) throws Exception {
        var words = new ArrayList<String>();
        // Its own limits are 2 s and 5 s, which a busy machine may need for a start.
        words.addAll(List.of("etcdctl", "--timeout", "30s", "--total-timeout", "60s"));
        for (String word : line.split(" ", -1)) {
            words.add(word.replace('_', ' '));
        }
        return Command.of(words)
                .timeout(Duration.ofSeconds(90))
                .environment("ETCDCTL_API", "2")
                .environment("ETCDCTL_ENDPOINTS", endpoint.toString())
                .run();
    }

    private static String normalized(String text) {
        String result = URL.matcher(text).replaceAll("URL");
        result = MEMBER.matcher(result).replaceAll("$1ID");
        result = result.replaceAll("/\\d{20}", "/N").replaceAll("\\d{20}", "N");
        result = result.replaceAll("\"(modifiedIndex|createdIndex)\":\\d+", "\"$1\":N");
        result = result.replaceAll("20\\d\\d[-/]\\d\\d[-/]\\d\\d[T ][0-9:.]+Z?", "TIME");
        return INDEX.matcher(result).replaceAll("N");
    }
}
