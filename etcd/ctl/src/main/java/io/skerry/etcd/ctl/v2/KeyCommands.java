package io.skerry.etcd.ctl.v2;

import static io.skerry.etcd.ctl.v2.V2Store.form;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import java.util.List;
import java.util.SequencedMap;

/** The commands that read and write keys and directories. */
final class KeyCommands {
    private static final Flag TTL = Flag.number("ttl", 0, "seconds to live");
    private static final Flag SORT = Flag.on("sort", "in the order of names");
    private static final Flag QUORUM =
            Flag.on("quorum", "what a majority agreed on last").letter('q');
    private static final Flag RECURSIVE = Flag.on("recursive", "all below, too").letter('r');

    static final List<Flag> SET_FLAGS =
            List.of(
                    TTL,
                    Flag.text("swap-with-value", "", "only if this was its value"),
                    Flag.number("swap-with-index", 0, "only if this was its index"));
    static final List<Flag> TTL_FLAGS = List.of(TTL);
    static final List<Flag> MAKE_FLAGS =
            List.of(TTL, Flag.on("in-order", "a new key in this directory, in order"));
    static final List<Flag> REMOVE_FLAGS =
            List.of(
                    RECURSIVE,
                    Flag.on("dir", "also a directory, if it is empty"),
                    Flag.text("with-value", "", "only if this is its value"),
                    Flag.number("with-index", 0, "only if this is its index"));
    static final List<Flag> GET_FLAGS = List.of(SORT, QUORUM);
    static final List<Flag> LIST_FLAGS =
            List.of(
                    SORT,
                    RECURSIVE,
                    QUORUM,
                    Flag.on("slash", "end directories with a slash").letter('p'));

    private KeyCommands() {}

    static void set(V2Invocation line) throws CtlFailure {
        String key = line.key();
        var form = form("value", line.value());
        ttl(line, form);
        if (line.has("swap-with-value")) {
            form.put("prevValue", line.given().text("swap-with-value"));
        }
        index(line, "swap-with-index", form);
        line.print(line.store().key("PUT", key, form));
    }

    static void make(V2Invocation line) throws CtlFailure {
        String key = line.key();
        var form = form("value", line.value());
        ttl(line, form);
        if (line.on("in-order")) {
            line.print(line.store().key("POST", key, form));
            return;
        }
        form.put("prevExist", "false");
        line.print(line.store().key("PUT", key, form));
    }

    static void update(V2Invocation line) throws CtlFailure {
        String key = line.key();
        var form = form("value", line.value(), "prevExist", "true");
        ttl(line, form);
        line.print(line.store().key("PUT", key, form));
    }

    static void makeDirectory(V2Invocation line) throws CtlFailure {
        directory(line, form("dir", "true", "prevExist", "false"));
    }

    /** As etcdctl has it: one that is there is given a new time to live. */
    static void setDirectory(V2Invocation line) throws CtlFailure {
        directory(line, form("dir", "true"));
    }

    static void updateDirectory(V2Invocation line) throws CtlFailure {
        directory(line, form("dir", "true", "prevExist", "true"));
    }

    private static void directory(V2Invocation line, SequencedMap<String, String> form)
            throws CtlFailure {
        String key = line.key();
        ttl(line, form);
        quietly(line, line.store().key("PUT", key, form));
    }

    /** Directories have no value that could be shown. */
    private static void quietly(V2Invocation line, V2Answer answer) throws CtlFailure {
        if (line.asJson() || line.asExtended()) {
            line.print(answer);
        }
    }

    static void remove(V2Invocation line) throws CtlFailure {
        String key = line.key();
        var form = form();
        if (line.on("recursive")) {
            form.put("recursive", "true");
        }
        if (line.on("dir")) {
            form.put("dir", "true");
        }
        if (line.has("with-value")) {
            form.put("prevValue", line.given().text("with-value"));
        }
        index(line, "with-index", form);
        var answer = line.store().key("DELETE", key, form);
        if (answer.node().dir()) {
            quietly(line, answer);
        } else {
            line.print(answer);
        }
    }

    static void removeDirectory(V2Invocation line) throws CtlFailure {
        quietly(line, line.store().key("DELETE", line.key(), form("dir", "true")));
    }

    static void get(V2Invocation line) throws CtlFailure {
        var answer = line.store().key("GET", line.key(), reading(line, false));
        if (answer.node().dir()) {
            line.console().err().line(answer.node().key() + ": is a directory");
            throw CtlFailure.told(ExitStatus.ERROR);
        }
        line.print(answer);
    }

    static void list(V2Invocation line) throws CtlFailure {
        String key = line.words().isEmpty() ? "/" : line.key();
        var form = reading(line, line.on("recursive"));
        var answer = line.store().key("GET", key, form);
        if (line.asJson() || line.asExtended()) {
            line.print(answer);
            return;
        }
        var node = answer.node();
        if (!node.dir()) {
            line.line(node.key());
        }
        node.children().forEach(child -> names(line, child));
    }

    private static void names(V2Invocation line, V2Node node) {
        line.line(node.key() + (node.dir() && line.on("slash") ? "/" : ""));
        node.children().forEach(child -> names(line, child));
    }

    private static SequencedMap<String, String> reading(V2Invocation line, boolean recursive) {
        return form(
                "quorum",
                Boolean.toString(line.on("quorum")),
                "recursive",
                Boolean.toString(recursive),
                "sorted",
                Boolean.toString(line.on("sort")));
    }

    private static void ttl(V2Invocation line, SequencedMap<String, String> form)
            throws CtlFailure {
        if (line.given().number("ttl") > 0) {
            form.put("ttl", Long.toString(line.given().number("ttl")));
        }
    }

    private static void index(V2Invocation line, String flag, SequencedMap<String, String> form)
            throws CtlFailure {
        if (line.given().number(flag) > 0) {
            form.put("prevIndex", Long.toString(line.given().number(flag)));
        }
    }
}
