package io.skerry.fleet.agent;

import io.skerry.fleet.agent.AgentCore.Answer;
import io.skerry.fleet.agent.AgentCore.Progress;
import io.skerry.fleet.agent.AgentCore.Release;
import io.skerry.fleet.store.StoreTxn;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an agent tells the store of several units at once. Pure. */
final class Answers {
    /** etcd allows 128 operations of a kind; an answer has three at most. */
    static final int A_TXN = 40;

    private Answers() {}

    /** The answers that come first, one of a unit, as many as fit into a transaction. */
    static List<Answer> batch(
            Collection<? extends Answer> first, Collection<? extends Answer> then) {
        Map<Object, Answer> batch = new LinkedHashMap<>();
        for (Collection<? extends Answer> answers : List.of(first, then)) {
            for (Answer answer : answers) {
                if (batch.size() < A_TXN) {
                    batch.putIfAbsent(answer.unit(), answer);
                }
            }
        }
        return List.copyOf(batch.values());
    }

    /** One transaction for all of them, which holds if none was overtaken by a new order. */
    static StoreTxn together(List<Answer> answers) {
        return StoreTxn.together(answers.stream().map(Answer::txn).toList());
    }

    /** What the answer says of its unit. */
    static String words(Answer answer) {
        return switch (answer) {
            case Release _ -> "given back";
            case Progress(_, _, var order, _, _) when order.finished() -> "finished";
            case Progress(_, _, var order, _, _) when order.isAwaited() -> "failed";
            case Progress _ -> "taken over";
        };
    }
}
