package io.skerry.etcd.ctl.command;

/** Tells which version of etcdctl this one is like. */
public final class VersionCommand implements Command {
    /** The version of etcd's client whose commands, flags and output these are. */
    public static final String VERSION = "3.5.9";

    @Override
    public String usage() {
        return "";
    }

    @Override
    public void run(Invocation invocation) {
        invocation.line("etcdctl version: " + VERSION);
        invocation.line("API version: 3.5");
    }
}
