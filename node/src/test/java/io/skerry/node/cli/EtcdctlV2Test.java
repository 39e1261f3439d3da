package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skerry.base.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The older command lines through Debian's etcdctl and through ours, each against a member of its
 * own: output, errors and exit status are the same.
 */
class EtcdctlV2Test {
    /** Commands with blanks between arguments; {@code _} stands for a blank in one. */
    private static final List<String> STORY =
            List.of(
                    "set /a 1",
                    "set /a 2",
                    "get /a",
                    "-o extended get /a",
                    "-o json get /a",
                    "get -q --sort /a",
                    "get /nope",
                    "-o json get /nope",
                    "--no-sync get /a",
                    "--debug get /a",
                    "--debug --no-sync ls -r --sort /",
                    "get",
                    "set",
                    "mk /b x_y",
                    "mk /b x",
                    "mk --in-order /queue job",
                    "mkdir /dir",
                    "-o json mkdir /dirj",
                    "-o extended mkdir /dirx",
                    "mkdir /dir",
                    "mkdir --ttl 10000 /dirttl",
                    "setdir /dir/sub",
                    "setdir /dirttl",
                    "get /dir",
                    "update /a 3",
                    "-o json update /a 4",
                    "update /nope 3",
                    "updatedir --ttl 20000 /dir",
                    "set --ttl 10000 /t x",
                    "set --swap-with-value x /t y",
                    "set --swap-with-value x /t z",
                    "set --swap-with-index 1 /t z",
                    "rm --with-value x /t",
                    "rm --with-value y /t",
                    "-o json rm /b",
                    "rm /dir",
                    "rmdir /dir",
                    "rmdir /dir/sub",
                    "ls --sort",
                    "ls -p --sort /",
                    "ls --recursive --sort -p /",
                    "ls /a",
                    "-o extended ls /",
                    "-o json rm --recursive /dirj",
                    "rm --recursive /dir",
                    "rm --dir /dirttl",
                    "rm /nope",
                    "set /w one",
                    "set /w two",
                    "rm /w",
                    "watch --after-index 1 /w",
                    "-o json watch --after-index 1 /w",
                    "watch --after-index 1 -r /w",
                    "member list",
                    "member add x",
                    "member remove 1",
                    "member update 1",
                    "cluster-health",
                    "--debug cluster-health",
                    "member list nobody",
                    "user list",
                    "user get nobody",
                    "role get nothing",
                    "auth enable",
                    "user add root:toor",
                    "auth enable",
                    "-u root:toor user add ada:secret",
                    "-u root:toor user list",
                    "-u root:toor role list",
                    "-u root:toor role add reader",
                    "-u root:toor role add reader",
                    "-u root:toor role grant --path /a* reader",
                    "-u root:toor role grant --read --path /a* reader",
                    "-u root:toor role get reader",
                    "-u root:toor user grant ada",
                    "-u root:toor user grant --roles reader ada",
                    "-u root:toor user get ada",
                    "-u root:toor role revoke --readwrite --path /* guest",
                    "get /a",
                    "-u ada:secret get /a",
                    "-u ada:secret get /b",
                    "-u ada:secret set /a 9",
                    "-u ada:wrong get /a",
                    "-u root:toor user revoke --roles reader ada",
                    "-u root:toor role remove reader",
                    "-u root:toor user remove ada",
                    "-u root:toor auth disable",
                    "auth disable");

    @TempDir Path directory;

    @Test
    void tellsTheSameStoryAsDebiansEtcdctl() throws Exception {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        try (var first = OwnMember.start(directory, "--bcrypt-cost=4");
                var second = OwnMember.start(directory, "--bcrypt-cost=4")) {
            var theirs = new ArrayList<String>();
            var ours = new ArrayList<String>();
            for (String line : STORY) {
                var done =
                        Command.of(words("/usr/bin/etcdctl", line))
                                .environment("ETCDCTL_API", "2")
                                .environment("ETCDCTL_ENDPOINTS", first.url())
                                .timeout(Duration.ofMinutes(2))
                                .run();
                theirs.add(told(line, done.exitCode(), done.stdout() + done.stderr()));
                var said = own(second.url(), line).end();
                ours.add(told(line, said.status(), said.out() + said.err()));
            }
            for (int i = 0; i < STORY.size(); i++) {
                assertThat(ours.get(i)).isEqualTo(theirs.get(i));
            }
        }
    }

    private static OwnEtcdctl own(String endpoint, String line) {
        var environment = new HashMap<>(OwnEtcdctl.environment(endpoint));
        environment.put("ETCDCTL_API", "2");
        var words = words("", line);
        return OwnEtcdctl.start(environment, "", words.subList(1, words.size()));
    }

    /** Their own limits are 2 s and 5 s, which a busy machine may need for a start. */
    private static List<String> words(String program, String line) {
        var words =
                new ArrayList<String>(
                        List.of(program, "--timeout", "60s", "--total-timeout", "120s"));
        Arrays.stream(line.split(" ", -1)).map(word -> word.replace('_', ' ')).forEach(words::add);
        return words;
    }

    private static final Pattern ID = Pattern.compile("(?m)(^|member )[0-9a-f]{8,16}\\b");

    /** With --debug etcdctl tells of proxies before each request, which ours does not use. */
    private static final Pattern NOT_OURS =
            Pattern.compile("(?s)\\ncURL may be .*?https_proxy: [^\\n]*\\n\\n");

    /** Without what differs from one cluster to the other. */
    private static String told(String line, int status, String text) {
        String same =
                ID.matcher(
                                NOT_OURS.matcher(text)
                                        .replaceAll("")
                                        .replaceAll("http://127.0.0.1:\\d+", "URL"))
                        .replaceAll("$1ID")
                        .replaceAll("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME");
        return "$ " + line + "\n" + same.strip() + "\n= " + status;
    }

    @Test
    void programRunsForEachChangeAndWatchesGoOnOverDirectories() throws Exception {
        try (var member = OwnMember.start(directory)) {
            own(member.url(), "set /x/a 1").end();
            var out = directory.resolve("changes");
            var environment = new HashMap<>(OwnEtcdctl.environment(member.url()));
            environment.put("ETCDCTL_API", "2");
            OwnEtcdctl.start(
                    environment,
                    "",
                    List.of(
                            "exec-watch",
                            "--recursive",
                            "--after-index=1",
                            "/x",
                            "--",
                            "sh",
                            "-c",
                            "echo $ETCD_WATCH_ACTION $ETCD_WATCH_KEY $ETCD_WATCH_VALUE >> " + out));
            own(member.url(), "set /x/b 2").end();
            own(member.url(), "rm /x/b").end();
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!Files.exists(out) || Files.readString(out).lines().count() < 3) {
                assertThat(System.nanoTime()).isLessThan(until);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(Files.readString(out)).isEqualTo("set /x/a 1\nset /x/b 2\ndelete /x/b\n");
            assertThat(own(member.url(), "seet /a 1").end().err()).contains("did you mean set?");
            assertThat(own(member.url(), "help").end().out()).contains("cluster-health");
        }
    }
}
