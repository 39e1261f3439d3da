package io.skerry.etcd.server.v2store;

/** What became of a {@link Write}. */
public sealed interface Outcome {
    Action action();

    /** It was done. */
    record Done(Event event) implements Outcome {
        @Override
        public Action action() {
            return event.action();
        }
    }

    /** It was refused and changed nothing. */
    record Refused(Action action, NodeError error) implements Outcome {}
}
