package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skerry.etcd.server.backup.EtcdutlCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Snapshots saved by Debian's etcdctl and by ours, and clusters restored from them. */
class BackupTest {
    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
    }

    private record Ran(int status, String out, String error) {}

    private static Ran etcdutl(String... arguments) {
        var out = new StringWriter();
        var error = new StringWriter();
        int status =
                new CommandLine(new EtcdutlCommand())
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(error, true))
                        .setExecutionExceptionHandler((failure, line, _) -> {
                            line.getErr().println(failure.getMessage());
                            return 1;
                        })
                        .execute(arguments);
        return new Ran(status, out.toString(), error.toString());
    }

    @Test
    void threeMembersRestoredFromEtcdctlsSnapshotGoOnWhereItWasTaken() throws Exception {
        Path file = directory.resolve("backup.db");
        try (var members = Members.ours(directory, 1, null).startAll()) {
            var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
            for (int i = 0; i < 10; i++) {
                etcdctl.out("put", "key" + i, "old");
            }
            etcdctl.out("lease", "grant", "100000");
            etcdctl.out("put", "key3", "new");
            etcdctl.out("del", "key4");
            etcdctl.out("snapshot", "save", file.toString());
            assertSavedWhileServing(members.endpoint(0));
        }
        assertThat(etcdutl("snapshot", "status", file.toString(), "-w", "json").out())
                .matches("\\{\"hash\":\\d+,\"revision\":13,\"totalKey\":9,\"totalSize\":\\d+}\n");

        Path second = Files.createDirectory(directory.resolve("second"));
        try (var members = Members.ours(second, 3, null)) {
            for (int i = 0; i < 3; i++) {
                Ran ran = restore(file, members, i, "--bump-revision", "1000", "--mark-compacted");
                assertThat(ran.error()).isEmpty();
                assertThat(ran.out()).contains(" at revision 1013");
            }
            members.startAll();
            var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
            assertThat(etcdctl.out("get", "key3", "--print-value-only")).isEqualTo("new\n");
            assertThat(etcdctl.out("get", "key4")).isEmpty();
            assertThat(etcdctl.out("get", "key3", "-w", "fields")).contains("\"Revision\" : 1013");
            assertThat(etcdctl.run("get", "key3", "--rev", "12").stderr()).contains("compacted");
            assertThat(etcdctl.out("lease", "list")).startsWith("found 1 leases");
            etcdctl.out("put", "key3", "newest");
            for (URI endpoint : members.endpoints()) {
                var one = new Etcdctl(List.of(endpoint), null);
                assertThat(one.out("get", "key3", "--print-value-only")).isEqualTo("newest\n");
            }
        }
    }

    private void assertSavedWhileServing(URI endpoint) throws Exception {
        Path own = directory.resolve("own.db");
        Ran saved = etcdutl("snapshot", "save", own.toString(), "--endpoints", endpoint.toString());
        assertThat(saved.error()).isEmpty();
        assertThat(saved.out()).isEqualTo("Snapshot saved at " + own + "\n");
        // It holds what only clients with rights may read.
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rw-------");
        assertThat(etcdutl("snapshot", "status", own.toString()).out())
                .matches("[0-9a-f]+, 13, 9, \\d.* kB\n");
        assertDamagedFilesAreRefused(own);
    }

    private void assertDamagedFilesAreRefused(Path whole) throws Exception {
        byte[] bytes = Files.readAllBytes(whole);
        bytes[bytes.length / 2] ^= 1;
        Path damaged = Files.write(directory.resolve("damaged.db"), bytes);
        Path target = directory.resolve("nothing");
        Ran ran = etcdutl("snapshot", "restore", damaged.toString(), "--data-dir", target + "");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.error()).contains("cannot be used: expected sha256 ");
        ran =
                etcdutl(
                        "snapshot",
                        "restore",
                        damaged.toString(),
                        "--skip-hash-check",
                        "--data-dir",
                        target + "");
        assertThat(ran.error()).contains("damaged");
        Path text = Files.writeString(directory.resolve("text"), "no snapshot");
        ran = etcdutl("snapshot", "restore", text.toString(), "--data-dir", target + "");
        assertThat(ran.error()).contains("snapshot missing hash but --skip-hash-check=false");
        assertThat(target).doesNotExist();
        ran = etcdutl("snapshot", "restore", whole.toString(), "--wal-dir", "x");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.error()).contains("--wal-dir").contains("not supported");
    }

    private Ran restore(Path file, Members members, int i, String... more) {
        var arguments = new ArrayList<>(List.of("snapshot", "restore", file.toString()));
        arguments.addAll(members.identity(i));
        arguments.addAll(List.of(more));
        return etcdutl(arguments.toArray(String[]::new));
    }
}
