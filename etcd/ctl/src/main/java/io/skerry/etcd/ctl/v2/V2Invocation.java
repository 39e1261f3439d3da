package io.skerry.etcd.ctl.v2;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.remote.Console;
import io.skerry.etcd.ctl.remote.Passwords;
import io.skerry.etcd.ctl.text.ByteText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A command of the older etcdctl as it was given. */
record V2Invocation(Given given, V2Store store, Console console, Passwords passwords) {
    List<String> words() {
        return given.words();
    }

    boolean has(String flag) {
        return given.has(flag);
    }

    boolean on(String flag) {
        return given.on(flag);
    }

    /** A word as text; the message is for a line without it. */
    String word(int place, String otherwise) throws CtlFailure {
        if (words().size() <= place) {
            throw V2Failure.words(otherwise);
        }
        return ByteText.toText(words().get(place));
    }

    String key() throws CtlFailure {
        return word(0, "key required");
    }

    /** The second word, or all of standard input. */
    String value() throws CtlFailure {
        if (words().size() > 1) {
            return word(1, "value required");
        }
        try {
            String input = new String(console.input().readAllBytes(), StandardCharsets.UTF_8);
            if (input.isEmpty()) {
                throw V2Failure.words("value required");
            }
            return input;
        } catch (IOException e) {
            throw V2Failure.words("value required: " + e.getMessage());
        }
    }

    void line(String text) {
        console.out().line(ByteText.ofText(text));
    }

    /** Prints what became of one key, in the format that was asked for. */
    void print(V2Answer answer) throws CtlFailure {
        switch (given.text("output")) {
            case "json" -> json(answer);
            case "extended" -> extended(answer);
            default -> simple(answer);
        }
    }

    /** True: {@code --output} was json. */
    boolean asJson() {
        return given.text("output").equals("json");
    }

    boolean asExtended() {
        return given.text("output").equals("extended");
    }

    private void json(V2Answer answer) throws CtlFailure {
        try {
            line(V2Store.JSON.writeValueAsString(answer));
        } catch (JsonProcessingException e) {
            throw V2Failure.plain(String.valueOf(e.getMessage()));
        }
    }

    private void simple(V2Answer answer) {
        var previous = answer.prevNode();
        if (!answer.action().equals("delete")) {
            line(answer.node().value());
        } else if (previous != null) {
            line("PrevNode.Value: " + previous.value());
        }
    }

    private void extended(V2Answer answer) {
        var node = answer.node();
        line("Key: " + node.key());
        line("Created-Index: " + node.createdIndex());
        line("Modified-Index: " + node.modifiedIndex());
        var previous = answer.prevNode();
        if (previous != null) {
            line("PrevNode.Value: " + previous.value());
        }
        line("TTL: " + node.ttl());
        line("Index: " + answer.index());
        if (!answer.action().equals("delete")) {
            line("");
            line(node.value());
        }
    }
}
