package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.PutRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.PutAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.flag.GoNumbers;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a key. */
public final class PutCommand implements Command {
    static final List<Flag> FLAGS =
            List.of(
                    Flag.on("ignore-lease", "keep the lease that the key has"),
                    Flag.on("ignore-value", "keep the value that the key has"),
                    Flag.text("lease", "0", "lease to attach to, in hexadecimal"),
                    Flag.on("prev-kv", "show what the key was before"));

    private static final String TOO_FEW =
            "put command needs 1 argument and input from stdin or 2 arguments";

    @Override
    public String usage() {
        return "[FLAGS] KEY [VALUE]   (a value that begins with - stands after --;"
                + " without one it is read from standard input)";
    }

    @Override
    public List<Flag> flags() {
        return FLAGS;
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        PutRequest request = request(invocation.given(), invocation.console().input());
        try (var remote = invocation.connect()) {
            invocation.print(new PutAnswer(remote.write(EtcdMethods.PUT, request)));
        }
    }

    static PutRequest request(Given given, InputStream input) throws CtlFailure {
        List<String> words = given.words();
        if (words.isEmpty()) {
            throw CtlFailure.arguments(TOO_FEW);
        }
        boolean ignoreValue = given.on("ignore-value");
        if (ignoreValue && words.size() > 1) {
            throw CtlFailure.arguments(
                    "put command needs only 1 argument when 'ignore-value' is set");
        }
        String value = ignoreValue ? "" : words.size() > 1 ? words.get(1) : read(input);
        return PutRequest.newBuilder()
                .setKey(ByteText.bytes(words.getFirst()))
                .setValue(ByteText.bytes(value))
                .setLease(lease(given.text("lease")))
                .setPrevKv(given.on("prev-kv"))
                .setIgnoreValue(ignoreValue)
                .setIgnoreLease(given.on("ignore-lease"))
                .build();
    }

    private static String read(InputStream input) throws CtlFailure {
        try {
            String value = new String(input.readAllBytes(), StandardCharsets.ISO_8859_1);
            if (!value.isEmpty()) {
                return value;
            }
        } catch (IOException e) {
            throw CtlFailure.arguments(TOO_FEW);
        }
        throw CtlFailure.arguments(TOO_FEW);
    }

    private static long lease(String id) throws CtlFailure {
        try {
            return GoNumbers.parseLong(id, 16);
        } catch (GoNumbers.NotANumber e) {
            throw CtlFailure.arguments("bad lease ID (" + e.words() + "), expecting ID in Hex");
        }
    }
}
