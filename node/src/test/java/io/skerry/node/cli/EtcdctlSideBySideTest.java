package io.skerry.node.cli;

import io.skerry.base.process.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same command lines through Debian's etcdctl and through ours, each against a member of its
 * own with the same history: standard output and exit status are the same.
 */
class EtcdctlSideBySideTest {
    /** What one client said. */
    private record Said(int status, String out) {}

    private static final String TXN =
            """
            val("a") = "2"
            ver("a") > "0"

            get a --prefix
            put t "x y" --prev-kv
            del b --prev-kv

            put c d

            """;

    @TempDir Path directory;
    private final List<OwnMember> members = new ArrayList<>();

    @AfterEach
    void stopMembers() {
        members.forEach(OwnMember::close);
    }

    @Test
    void keysAndTransactionsReadTheSame() throws Exception {
        compare(
                step("put a 1"),
                step("put a 2 --prev-kv"),
                step("put b 3 -w json"),
                step("put b 4 -w json --prev-kv"),
                step("put b 5 -w fields --prev-kv"),
                step("put c").stdin("from\nstdin\n"),
                step("put c -- -dash"),
                step("put b --ignore-value"),
                step("put a 9 --ignore-value"),
                step("put"),
                step("put a 1 --lease zz"),
                step("put a 1 --lease 1234"),
                step("get a"),
                step("get a --hex"),
                step("get a -w json"),
                step("get a -w fields"),
                step("get a -w protobuf"),
                step("get a -w table"),
                step("get a -w xx"),
                step("get a z"),
                step("get a z --order DESCEND"),
                step("get a z --sort-by VALUE --order descend"),
                step("get a --from-key --limit 2 -w json"),
                step("get --prefix a --keys-only"),
                step("get --prefix=false --from-key=true b --print-value-only"),
                step("get a --rev 2"),
                step("get a --rev 1000"),
                step("get a --consistency s"),
                step("get a --consistency x"),
                step("get a --order x"),
                step("get a --sort-by x"),
                step("get a b --prefix"),
                step("get a --prefix --from-key"),
                step("get"),
                step("get nothing"),
                step("txn").stdin(TXN),
                step("txn -w json").stdin(TXN),
                step("txn -w fields").stdin(TXN),
                step("txn -i").stdin(TXN),
                step("txn").stdin("mod(\"a\") = \"x\"\n\n\n\n"),
                step("txn").stdin("val(\"a\") = b\"\n\n\n\n"),
                step("txn").stdin("xx(\"a\") = \"b\"\n\n\n\n"),
                step("txn").stdin("\nfoo a\n\n\n"),
                step("txn").stdin("\nget a\n"),
                step("del a --prev-kv -w json"),
                step("del nothing"),
                step("del b --prev-kv"),
                step("del"),
                step("del c --prefix -w fields"),
                step("compaction 5"),
                step("compaction 5"),
                step("compaction 100000"),
                step("compaction x"),
                step("get t --rev 3"));
    }

    @Test
    void leasesMembersAndUsersReadTheSame() throws Exception {
        compare(
                step("lease grant 500"),
                step("lease grant 500 -w fields"),
                step("lease grant x"),
                step("lease list -w table"),
                step("lease timetolive 1234"),
                step("lease timetolive 1234 -w json"),
                step("lease revoke 1234"),
                step("lease revoke zz"),
                step("lease keep-alive 1234"),
                step("lease keep-alive 1234 --once"),
                step("member list"),
                step("member list -w table"),
                step("member list -w json"),
                step("member list -w fields"),
                step("member add x"),
                step("member add x http://h:1"),
                step("member add x --learner --peer-urls http://127.0.0.1:1").inAnyOrder(),
                step("member list").inAnyOrder(),
                step("member promote zz"),
                step("member remove 1"),
                step("endpoint hashkv -w json"),
                step("alarm list"),
                step("alarm list -w json"),
                step("alarm disarm"),
                step("defrag"),
                step("move-leader zz"),
                step("move-leader 1"),
                step("role add r"),
                step("role add r"),
                step("role add s -w json"),
                step("role grant-permission r read a"),
                step("role grant-permission r readwrite b --prefix"),
                step("role grant-permission r write c --from-key"),
                step("role grant-permission r foo a"),
                step("role get r"),
                step("role get r -w json"),
                step("role get r -w fields"),
                step("role revoke-permission r b --prefix"),
                step("role revoke-permission r c --from-key"),
                step("role revoke-permission r a"),
                step("role list"),
                step("role list -w fields"),
                step("role delete s"),
                step("user add u:p"),
                step("user add v --interactive=false").stdin("word\n"),
                step("user add w --no-password"),
                step("user add :x"),
                step("user grant-role u r"),
                step("user get u"),
                step("user get u --detail"),
                step("user get u -w json"),
                step("user list"),
                step("user list -w fields"),
                step("user passwd u --interactive=false").stdin("other\n"),
                step("user revoke-role u r"),
                step("user delete w"),
                step("user delete nobody"),
                step("auth enable"),
                step("user add root:pw"),
                step("auth enable"),
                step("get a"),
                step("get a --user root:pw"),
                step("get a --user root:wrong"),
                step("--user root --password pw put a 1"),
                step("auth disable --user root:pw"),
                step("watch"),
                step("watch a b --prefix"));
    }

    /**
     * A command line and its standard input.
     *
     * @param anyOrder members are told in the order of their ids, which are random
     */
    private record Step(List<String> words, String input, boolean anyOrder) {
        Step stdin(String text) {
            return new Step(words, text, anyOrder);
        }

        Step inAnyOrder() {
            return new Step(words, input, true);
        }

        Said said(int status, String out) {
            String text = normal(out);
            return new Said(
                    status,
                    anyOrder
                            ? Arrays.stream(text.split("[\",\n]+", -1))
                                    .sorted()
                                    .collect(Collectors.joining("\n"))
                            : text);
        }
    }

    private static Step step(String line) {
        return new Step(Arrays.asList(line.split(" ", -1)), "", false);
    }

    private void compare(Step... steps) throws Exception {
        String first = member();
        String second = member();
        var all = new SoftAssertions();
        for (Step step : steps) {
            all.assertThat(ours(second, step))
                    .as("etcdctl %s", step)
                    .isEqualTo(theirs(first, step));
        }
        all.assertAll();
    }

    private static Said theirs(String endpoint, Step step) throws Exception {
        var line = new ArrayList<String>(List.of("/usr/bin/etcdctl"));
        line.addAll(step.words());
        var command =
                Command.of(line)
                        .stdin(step.input())
                        .environment("ETCDCTL_API", "3")
                        .timeout(Duration.ofMinutes(2));
        for (var variable : OwnEtcdctl.environment(endpoint).entrySet()) {
            command = command.environment(variable.getKey(), variable.getValue());
        }
        var finished = command.run();
        return step.said(finished.exitCode(), finished.stdout());
    }

    private static Said ours(String endpoint, Step step) {
        var said = OwnEtcdctl.run(endpoint, step.input(), step.words());
        return step.said(said.status(), said.out());
    }

    /** Without what differs from one cluster to the other. */
    private static String normal(String out) {
        return out.replaceAll("127\\.0\\.0\\.1:\\d{2,}", "HOST")
                .replaceAll("\\b([0-9a-f]{10,16}|\\d{7,20})\\b", "NUMBER")
                .replaceAll("(raft_term\":|\"RaftTerm\" : )\\d+", "$1T")
                .replaceAll("[^\\x09\\x0a\\x20-\\x7e]+", "?")
                .replaceAll("(?s)\\n\\?.*", "PROTOBUF")
                .replaceAll("-{10,}", "--")
                .replaceAll(" {2,}", " ");
    }

    private String member() throws IOException, InterruptedException {
        var member = OwnMember.start(directory);
        members.add(member);
        return member.url();
    }
}
