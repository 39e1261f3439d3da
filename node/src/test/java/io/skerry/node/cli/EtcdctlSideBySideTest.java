package io.skerry.node.cli;

import static io.skerry.node.cli.SideBySide.Step.step;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same command lines through Debian's etcdctl and through ours, each against a member of its
 * own with the same history: output, errors and exit status are the same. The stories are told in
 * this order, as the later ones compact the history.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EtcdctlSideBySideTest {
    private static final String TXN =
            """
            val("a") = "2"
            ver("a") > "0"

            get a --prefix
            put t "x y" --prev-kv
            del b --prev-kv

            put c d

            """;

    @TempDir static Path directory;
    private static SideBySide both;

    @BeforeAll
    static void startMembers() throws Exception {
        assumeThat(SideBySide.THEIRS).exists();
        both = SideBySide.start(directory);
    }

    @AfterAll
    static void stopMembers() {
        if (both != null) {
            both.close();
        }
    }

    @Test
    @Order(1)
    void keysReadTheSame() throws Exception {
        both.tell(
                step("put a 1"),
                step("put a 2 --prev-kv"),
                step("put b 3 -w json"),
                step("put b 4 -w json --prev-kv"),
                step("put b 5 -w fields --prev-kv"),
                step("put b 5 -w table"),
                step("put b 5 -w protobuf"),
                step("put b 5 -w nonsense"),
                step("put c").stdin("from\nstdin\n"),
                step("put c -- -dash"),
                step("put -- c -dash"),
                step("put '' x"),
                step("put c ''"),
                step("put c x y"),
                step("put"),
                step("put b --ignore-value"),
                step("put a 9 --ignore-value"),
                step("put nothing --ignore-value"),
                step("put nothing 1 --ignore-lease"),
                step("put a 1 --ignore-lease"),
                step("put a 1 --ignore-lease --lease 1"),
                step("put a 1 --lease zz"),
                step("put a 1 --lease 1234"),
                step("put a 1 --lease -1"),
                step("put a 1 --prev-kv=maybe").mustFail(),
                step("get a"),
                step("get a --hex"),
                step("get a --hex -w json"),
                step("get a --hex -w fields"),
                step("get a -w json"),
                step("get a -w fields"),
                step("get a -w protobuf"),
                step("get a -w table"),
                step("get a -w xx"),
                step("get a -w JSON"),
                step("get a z"),
                step("get z a"),
                step("get ''"),
                step("get '' --prefix"),
                step("get '' --from-key"),
                step("get '' z"),
                step("get a z --order DESCEND"),
                step("get a z --order ascend"),
                step("get a z --sort-by VALUE --order descend"),
                step("get a z --sort-by version"),
                step("get a z --sort-by CREATE --order descend"),
                step("get a z --sort-by modify"),
                step("get a z --sort-by key"),
                step("get a --from-key --limit 2 -w json"),
                step("get a --from-key --limit 2 -w fields"),
                step("get a --from-key --limit -1"),
                step("get a --from-key --limit x").mustFail(),
                step("get a --from-key --limit 0x2"),
                step("get --prefix a --keys-only"),
                step("get '' --prefix --keys-only"),
                step("get '' --prefix --keys-only -w json"),
                step("get '' --prefix --keys-only --print-value-only"),
                step("get --prefix=false --from-key=true b --print-value-only"),
                step("get a --print-value-only -w json"),
                step("get a --print-value-only --hex"),
                step("get a --rev 2"),
                step("get a --rev 1000"),
                step("get a --rev -1"),
                step("get a --rev x").mustFail(),
                step("get a --consistency s"),
                step("get a --consistency l"),
                step("get a --consistency x"),
                step("get a --order x"),
                step("get a --sort-by x"),
                step("get a b --prefix"),
                step("get a b --from-key"),
                step("get a --prefix --from-key"),
                step("get a b c"),
                step("get"),
                step("get nothing"),
                step("get nothing -w json"),
                step("get nothing -w fields"),
                step("get a").variable("ETCDCTL_WRITE_OUT", "json"),
                step("get a").variable("ETCDCTL_HEX", "true"),
                step("get a").variable("ETCDCTL_NONSENSE", "1"),
                step("put d/1 1"),
                step("put d/2 2"),
                step("put d/3 3"),
                step("del d/1"),
                step("del d/2 --prev-kv"),
                step("del d/ --prefix --prev-kv -w fields"),
                step("del a --prev-kv -w json"),
                step("del nothing"),
                step("del nothing -w json"),
                step("del b --prev-kv"),
                step("del b -w table"),
                step("del"),
                step("del a b c"),
                step("del a b --prefix"),
                step("del a b --from-key"),
                step("del a --prefix --from-key"),
                step("del ''"),
                step("del c --prefix -w fields"),
                step("put x 1"),
                step("put y 2"),
                step("put z 3"),
                step("del y --from-key --prev-kv"),
                step("del '' --prefix"),
                step("get '' --from-key"));
    }

    @Test
    @Order(2)
    void leasesMembersAndTheirCareReadTheSame() throws Exception {
        both.tell(
                step("lease grant 50000"),
                step("lease timetolive LEASE"),
                step("put a 1 --lease LEASE"),
                step("put b 2 --lease LEASE"),
                step("put a 3 --ignore-lease"),
                step("get a -w json"),
                step("get a -w fields"),
                step("lease timetolive LEASE --keys"),
                step("lease timetolive LEASE --keys -w json"),
                step("lease timetolive LEASE --keys -w fields"),
                step("lease timetolive LEASE -w table"),
                step("lease timetolive LEASE -w json"),
                step("lease keep-alive LEASE --once"),
                step("lease keep-alive LEASE --once -w json"),
                step("lease keep-alive LEASE --once -w fields"),
                step("lease keep-alive LEASE --once -w table"),
                step("lease keep-alive LEASE").until("TTL.\\d+.\n"),
                step("lease list"),
                step("lease list -w json"),
                step("lease list -w fields"),
                step("lease list -w table"),
                step("lease revoke LEASE"),
                step("lease revoke LEASE"),
                step("lease timetolive LEASE"),
                step("lease timetolive LEASE --keys"),
                step("get a"),
                step("lease list"),
                step("lease grant 50000 -w json"),
                step("lease grant 50000 -w fields"),
                step("lease grant 50000 -w table"),
                step("lease grant x"),
                step("lease grant 0"),
                step("lease grant -- -1"),
                step("lease grant 10000000000"),
                step("lease grant"),
                step("lease grant 1 2"),
                step("lease timetolive"),
                step("lease timetolive zz"),
                step("lease timetolive 1234"),
                step("lease timetolive 1234 -w json"),
                step("lease timetolive 1234 -w fields"),
                step("lease revoke"),
                step("lease revoke 1234"),
                step("lease revoke zz"),
                step("lease keep-alive"),
                step("lease keep-alive zz"),
                step("lease keep-alive 1234"),
                step("lease keep-alive 1234 --once"),
                step("member list"),
                step("member list -w table"),
                step("member list -w json"),
                step("member list -w fields"),
                step("member list -w protobuf"),
                step("member list x"),
                step("move-leader"),
                step("move-leader zz"),
                step("move-leader 1"),
                step("move-leader MEMBER"),
                step("endpoint health -w json").withFigures(),
                step("endpoint health -w fields").withFigures(),
                step("endpoint health -w table").withFigures(),
                step("endpoint health").nobodyThere(),
                step("endpoint health -w json").nobodyThere().withFigures(),
                step("endpoint status").withFigures(),
                step("endpoint status -w json").withFigures(),
                step("endpoint status -w fields").withFigures(),
                step("endpoint status -w table").withFigures(),
                step("endpoint status --cluster").withFigures(),
                step("endpoint status").nobodyThere(),
                step("endpoint hashkv").withFigures(),
                step("endpoint hashkv -w json").withFigures(),
                step("endpoint hashkv -w fields").withFigures(),
                step("endpoint hashkv -w table").withFigures(),
                step("endpoint hashkv --rev 2").withFigures(),
                step("endpoint hashkv --rev 1000").withFigures(),
                step("endpoint hashkv --cluster").withFigures(),
                step("get a").nobodyThere(),
                step("get a --cacert /no/such/file"),
                step("alarm list"),
                step("alarm list -w json"),
                step("alarm list -w fields"),
                step("alarm list x"),
                step("alarm disarm"),
                step("alarm disarm x"),
                step("defrag"),
                step("defrag --cluster"),
                step("defrag").nobodyThere(),
                step("snapshot save"),
                step("snapshot save a b"),
                step("snapshot save " + directory.resolve("backup.db")),
                step("snapshot save /no/such/directory/backup.db"),
                step("lock"),
                step("lock l --ttl 600 -- echo hi"),
                step("lock l --ttl 600 sh -- -c exit~0"),
                step("lock l --ttl 600").until("l/[0-9a-f]+\n"),
                step("lock l --ttl x").mustFail(),
                step("check perf --load nonsense"),
                step("check datascale --load nonsense"),
                step("make-mirror"),
                step("make-mirror --no-dest-prefix --dest-prefix x 127.0.0.1:1"),
                step("elect"),
                step("elect e"),
                step("elect e -l x"),
                step("elect e x y"),
                step("elect e value").until("value\n"),
                step("member add"),
                step("member add x"),
                step("member add x --peer-urls ''"),
                step("member add x http://h:1"),
                step("member add x --peer-urls nonsense"),
                step("member add x --peer-urls http://h"),
                step("member add x --peer-urls http://h:1/"),
                step("member add x --peer-urls http://h:1/x"),
                step("member add x --peer-urls ftp://h:1"),
                step("member add x --peer-urls http://h:1,nonsense"),
                step("member add x --peer-urls http://h:1,"),
                step("member add x --learner --peer-urls http://127.0.0.1:1").inAnyOrder(),
                step("member add y --learner --peer-urls http://127.0.0.1:1"),
                step("member list").inAnyOrder(),
                step("member list -w table").inAnyOrder(),
                step("member update"),
                step("member update OTHER"),
                step("member update OTHER --peer-urls nonsense"),
                step("member update zz --peer-urls http://127.0.0.1:3"),
                step("member update 1 --peer-urls http://127.0.0.1:3"),
                step("member update OTHER --peer-urls http://127.0.0.1:3"),
                step("member promote"),
                step("member promote zz"),
                step("member promote 1"),
                step("member promote OTHER"),
                step("member remove"),
                step("member remove zz"),
                step("member remove 1"),
                step("member remove OTHER"),
                step("member list"));
    }

    @Test
    @Order(3)
    void transactionsWatchesAndTheHistoryReadTheSame() throws Exception {
        both.tell(
                step("put a 2"),
                step("put b 1"),
                step("txn").stdin(TXN),
                step("txn -w json").stdin(TXN),
                step("txn -w fields").stdin(TXN),
                step("txn -w table").stdin(TXN),
                step("txn -w protobuf").stdin(TXN),
                step("txn --hex").stdin(TXN),
                step("txn -i").stdin(TXN),
                step("txn -i=false").stdin(TXN),
                step("txn a"),
                step("txn"),
                step("txn").stdin("\n\n\n"),
                step("txn").stdin("create(\"a\") = \"0\"\n\nput q 1\n\nget a\n\n"),
                step("txn").stdin("c(\"a\") = \"0\"\n\nput q 1\n\nget a\n\n"),
                step("txn").stdin("mod(\"a\") < \"1000\"\n\nget a --rev 2\n\n\n"),
                step("txn").stdin("version(\"a\") > \"0\"\n\nget a -w json\n\n\n").mustFail(),
                step("txn").stdin("value(\"a\") > \"1\"\n\nget a --keys-only\n\n\n"),
                step("txn").stdin("val(\"a\") != \"2\"\n\nput e 1\n\nput e 2\n\n"),
                step("txn").stdin("mod(\"a\") = \"x\"\n\n\n\n"),
                step("txn").stdin("mod(a) = 2\n\n\n\n"),
                step("txn").stdin("val(\"a\") = b\"\n\n\n\n"),
                step("txn").stdin("xx(\"a\") = \"b\"\n\n\n\n"),
                step("txn").stdin("nonsense\n\n\n\n"),
                step("txn").stdin("\nfoo a\n\n\n"),
                step("txn").stdin("\nget\n\n\n"),
                step("txn").stdin("\nput a\n\n\n"),
                step("txn").stdin("\nput a 1 --nonsense\n\n\n").mustFail(),
                step("txn").stdin("\nput a 1\nput a 2\n\n\n"),
                step("txn").stdin("\nput \"a b\" \"c d\"\nget \"a b\"\n\n\n"),
                step("txn").stdin("\nput a \\x\n\n\n"),
                step("txn").stdin("\nget a\n"),
                step("txn").stdin("\nget a\n\n"),
                step("put w/a 1"),
                step("put w/a 2"),
                step("put w/b 1"),
                step("del w/a"),
                step("put w/c last"),
                step("watch w/ --prefix --rev 1").until("last\n"),
                step("watch w/ w0 --rev 1 --prev-kv").until("last\n"),
                step("watch w/ --prefix --rev 1 --prev-kv -w fields")
                        .until("\"last\"\n\"Lease\" : 0\n"),
                step("watch w/ --prefix --rev 1 --hex").until("x6c.x61.x73.x74\n"),
                step("watch w/ --prefix --rev 1 --prev-kv -w json").until("\"Created\":false}\n"),
                step("watch w/c --rev 1").until("last\n"),
                step("watch w/ --prefix --rev 1 -- sh -c"
                         + " echo~$ETCD_WATCH_REVISION~$ETCD_WATCH_EVENT_TYPE~$ETCD_WATCH_KEY~$ETCD_WATCH_VALUE")
                        .until("\"w/c\" \"last\"\n"),
                step("watch --rev 1").variable("ETCDCTL_WATCH_KEY", "w/c").until("last\n"),
                step("watch --rev 1")
                        .variable("ETCDCTL_WATCH_KEY", "w/")
                        .variable("ETCDCTL_WATCH_RANGE_END", "w0")
                        .until("last\n"),
                step("watch a").variable("ETCDCTL_WATCH_KEY", "w/c"),
                step("watch a").variable("ETCDCTL_WATCH_RANGE_END", "w/c"),
                step("watch"),
                step("watch a b --prefix"),
                step("watch a --"),
                step("watch a --rev x").mustFail(),
                step("compaction 5"),
                step("compaction 5"),
                step("compaction 6 --physical"),
                step("compaction 7 -w json"),
                step("compaction 100000"),
                step("compaction x"),
                step("compaction"),
                step("compaction 1 2"),
                step("compaction 0"),
                step("compaction -- -1"),
                step("watch w/ --prefix --rev 2"),
                step("watch w/ --prefix --rev 2 -w json"),
                step("watch w/ --prefix --rev 2 -w fields"),
                step("get w/a --rev 3"),
                step("get t --rev 3 -w json"));
    }
}
