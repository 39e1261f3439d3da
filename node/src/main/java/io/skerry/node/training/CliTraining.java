package io.skerry.node.training;

import io.skerry.etcd.ctl.EtcdCtl;
import io.skerry.etcd.ctl.format.Lines;
import io.skerry.etcd.ctl.remote.Console;
import io.skerry.node.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs typical short commands in one process. */
public final class CliTraining {
    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("--help"),
                    List.of("version"),
                    List.of("status", "--playground", "no-such-one"),
                    List.of("env", "--playground", "no-such-one"),
                    List.of("host", "list", "--playground", "no-such-one"),
                    List.of("comandd"),
                    List.of("version", "--hlp"),
                    List.of("fleet", "--help"),
                    List.of("fleet", "list-unitz"),
                    List.of("flanneld", "--subnet-lease-ttl", "1s"));

    private static final int INSTANCES = 40;

    private CliTraining() {}

    /** The only argument is the folder of {@link ServerTraining}, which serves meanwhile. */
    public static void main(String[] args) throws Exception {
        for (var command : COMMANDS) {
            run(command);
        }
        var folder = Path.of(args[0]);
        var store = Files.readString(folder.resolve("store-url"));
        useStore(folder, store);
        var api = folder.resolve("fleet-api");
        if (Files.exists(api)) {
            useFleet(folder, Files.readString(api));
        }
    }

    private static void useStore(Path folder, String url) {
        var environment =
                Map.of(
                        "ETCDCTL_ENDPOINTS", url,
                        "ETCDCTL_CACERT", folder.resolve("pki/ca.crt").toString(),
                        "ETCDCTL_CERT", folder.resolve("pki/client.crt").toString(),
                        "ETCDCTL_KEY", folder.resolve("pki/client.key").toString());
        for (var words :
                List.of(
                        List.of("--help"),
                        List.of("put", "cli/a", "1"),
                        List.of("get", "cli/a"),
                        List.of("get", "--prefix", "cli/", "-w", "json"),
                        List.of("get", "cli/a", "-w", "fields"),
                        List.of("del", "cli/a"),
                        List.of("lease", "grant", "60"),
                        List.of("member", "list", "-w", "table"),
                        List.of("endpoint", "health"),
                        List.of("endpoint", "status", "-w", "table"),
                        List.of("lock", "cli", "true"))) {
            var nowhere = new Lines(OutputStream.nullOutputStream());
            EtcdCtl.run(
                    words,
                    new Console(
                            InputStream.nullInputStream(), nowhere, nowhere, environment, _ -> {}));
        }
    }

    private static void useFleet(Path folder, String url) throws IOException {
        var unit = folder.resolve("training.service");
        var service = "[Service]\nExecStart=/bin/true\n";
        Files.writeString(unit, service);
        Files.writeString(folder.resolve("many@.service"), service);
        for (var words :
                List.of(
                        List.of("list-machines"),
                        List.of("start", unit.toString()),
                        List.of("list-units"),
                        List.of("list-unit-files"),
                        List.of("cat", "training.service"),
                        List.of("destroy", "training.service"),
                        instances(folder, "start"),
                        List.of("list-units"),
                        instances(folder, "destroy"))) {
            run(fleet(folder, url, words));
        }
    }

    /** A command of fleet at the server that serves meanwhile. */
    static List<String> fleet(Path folder, String url, List<String> words) {
        var command = new ArrayList<>(List.of("fleet", "--endpoint", url));
        for (var file : List.of("ca-file=ca.crt", "cert-file=client.crt", "key-file=client.key")) {
            command.add("--" + file.replace("=", "=" + folder.resolve("pki") + "/"));
        }
        command.addAll(words);
        return command;
    }

    /** So many units at once that agents, engine and the API are no longer new to it. */
    private static List<String> instances(Path folder, String verb) {
        var words = new ArrayList<String>(List.of(verb));
        for (var i = 1; i <= INSTANCES; i++) {
            words.add(folder.resolve("many@" + i + ".service").toString());
        }
        return words;
    }

    static void run(List<String> command) {
        var nowhere = new PrintWriter(Writer.nullWriter());
        Main.run(nowhere, nowhere, command.toArray(String[]::new));
    }
}
