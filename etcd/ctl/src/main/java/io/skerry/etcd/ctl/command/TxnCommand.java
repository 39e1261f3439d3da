package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.TxnAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.flag.FlagSet;
import io.skerry.etcd.ctl.flag.Given;
import io.skerry.etcd.ctl.text.LineWords;
import java.io.InputStream;
import java.util.List;

/**
 * Runs a transaction that it reads from standard input: comparisons, requests if they hold,
 * requests if not; an empty line ends each part.
 */
public final class TxnCommand implements Command {
    @Override
    public String usage() {
        return "[FLAGS]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(Flag.on("interactive", "say which part is read").letter('i'));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        invocation.noWords("txn command does not accept argument");
        var lines = new InputLines(invocation.console().input());
        var request = TxnRequest.newBuilder();
        prompt(invocation, "compares:");
        for (String line : lines.paragraph()) {
            request.addCompare(CompareLine.parse(line));
        }
        prompt(invocation, "success requests (get, put, del):");
        for (String line : lines.paragraph()) {
            request.addSuccess(operation(line));
        }
        prompt(invocation, "failure requests (get, put, del):");
        for (String line : lines.paragraph()) {
            request.addFailure(operation(line));
        }
        try (var remote = invocation.connect()) {
            invocation.print(new TxnAnswer(remote.write(EtcdMethods.TXN, request.build())));
        }
    }

    private static void prompt(Invocation invocation, String part) {
        if (invocation.on("interactive")) {
            invocation.line(part);
        }
    }

    private static RequestOp operation(String line) throws CtlFailure {
        List<String> words = LineWords.split(line);
        if (words.size() < 2) {
            throw new CtlFailure(ExitStatus.INVALID_INPUT, "invalid txn compare request: " + line);
        }
        List<String> rest = words.subList(1, words.size());
        var operation = RequestOp.newBuilder();
        return switch (words.getFirst()) {
            case "get" ->
                    operation
                            .setRequestRange(
                                    GetCommand.request(given(GetCommand.FLAGS, rest, line)))
                            .build();
            case "put" ->
                    operation
                            .setRequestPut(
                                    PutCommand.request(
                                            given(PutCommand.FLAGS, rest, line),
                                            InputStream.nullInputStream()))
                            .build();
            case "del" ->
                    operation
                            .setRequestDeleteRange(
                                    DelCommand.request(given(DelCommand.FLAGS, rest, line)))
                            .build();
            default -> throw invalid(line);
        };
    }

    private static Given given(List<Flag> flags, List<String> words, String line)
            throws CtlFailure {
        try {
            return new FlagSet(flags).parse(words);
        } catch (CtlFailure e) {
            throw invalid(line);
        }
    }

    private static CtlFailure invalid(String line) {
        return new CtlFailure(ExitStatus.INVALID_INPUT, "invalid txn request: " + line);
    }
}
