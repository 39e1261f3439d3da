package io.skerry.etcd.ctl.v2;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import java.util.List;

/** The command that reads a member's own files, which ours has no like of. */
final class BackupCommand {
    static final List<Flag> FLAGS =
            List.of(
                    Flag.text("data-dir", "", "not here"),
                    Flag.text("wal-dir", "", "not here"),
                    Flag.text("backup-dir", "", "not here"),
                    Flag.text("backup-wal-dir", "", "not here"),
                    Flag.on("with-v3", "not here"));

    private BackupCommand() {}

    static CtlFailure refusal() {
        return V2Failure.plain(
                "backup reads the files of the original's members. Keys of v2 and v3 are saved"
                        + " while the members serve by\n"
                        + "  ETCDCTL_API=3 etcdctl snapshot save FILE\n"
                        + "and a member is made of the file by\n"
                        + "  skerry etcdutl snapshot restore FILE --data-dir DIR");
    }
}
