package io.skerry.etcd.server.v2store;

import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.KeySpace;
import io.skerry.etcd.server.v2store.Node.Ending;
import io.skerry.etcd.server.v2store.Write.Condition;
import io.skerry.etcd.server.v2store.Write.Lifetime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one write in one transaction. Everything that could refuse it is looked at before the
 * first change, so that a refusal leaves no trace.
 */
final class WriteExecution {
    private final KeySpace.Transaction transaction;
    private final ExpiryTable expiries;
    private final Namespace namespace;
    private final long now;
    private final Tree before;
    private final long index;

    WriteExecution(
            KeySpace.Transaction transaction,
            ExpiryTable expiries,
            Namespace namespace,
            long nowEpochNanos) {
        this.transaction = transaction;
        this.expiries = expiries;
        this.namespace = namespace;
        this.now = nowEpochNanos;
        // Valid until the first change: nothing is read from it after that.
        this.before = new Tree(namespace, transaction.view());
        this.index = before.index() + 1;
    }

    Event execute(Write write) throws NodeErrorException {
        return switch (write) {
            case Write.Create create -> create(create);
            case Write.Set set -> set(set);
            case Write.Update update -> update(update);
            case Write.CompareAndSwap swap -> swap(swap);
            case Write.Delete delete -> delete(delete);
            case Write.CompareAndDelete delete -> compareAndDelete(delete);
        };
    }

    private Event create(Write.Create create) throws NodeErrorException {
        var path =
                create.inOrder()
                        ? create.path().child(String.format(Locale.ROOT, "%020d", index))
                        : create.path();
        refuseRoot(path);
        var parents = parentsMustBeDirectories(path);
        if (parents && before.find(path) != null) {
            throw refusal(ErrorCode.KEY_EXISTS, path.text());
        }
        return put(Action.CREATE, path, create.dir(), create.value(), create.lifetime(), null);
    }

    private Event set(Write.Set set) throws NodeErrorException {
        var path = set.path();
        refuseRoot(path);
        boolean parents = parentsMustBeDirectories(path);
        var replaced = parents ? before.find(path) : null;
        if (set.refresh() && replaced == null) {
            before.require(path);
        }
        if (replaced != null && replaced.dir()) {
            throw refusal(ErrorCode.NOT_A_FILE, path.text());
        }
        String value = set.refresh() && replaced != null ? replaced.value() : set.value();
        var event = put(Action.SET, path, set.dir(), value, set.lifetime(), replaced);
        return set.refresh()
                ? new Event(event.action(), event.node(), event.previous(), true)
                : event;
    }

    /** Returns whether all of them exist. */
    private boolean parentsMustBeDirectories(NodePath path) throws NodeErrorException {
        for (var ancestor : path.ancestors()) {
            var node = before.find(ancestor);
            if (node == null) {
                return false;
            }
            if (!node.dir()) {
                throw refusal(ErrorCode.NOT_A_DIRECTORY, ancestor.text());
            }
        }
        return true;
    }

    /** Writes a new node, with the directories above it that are missing. */
    private Event put(
            Action action,
            NodePath path,
            boolean dir,
            String value,
            @Nullable Lifetime lifetime,
            @Nullable Node replaced) {
        var missing = path.ancestors().stream().filter(a -> before.find(a) == null).toList();
        for (var ancestor : missing) {
            write(new Node(ancestor, true, "", index, index, null));
        }
        forget(replaced);
        var node = new Node(path, dir, dir ? "" : value, index, index, ending(path, lifetime));
        write(node);
        return new Event(
                action, node.info(now), replaced == null ? null : replaced.info(now), false);
    }

    private Event update(Write.Update update) throws NodeErrorException {
        refuseRoot(update.path());
        var node = before.require(update.path());
        if (node.dir() && !update.value().isEmpty()) {
            throw refusal(ErrorCode.NOT_A_FILE, update.path().text());
        }
        return change(
                Action.UPDATE,
                node,
                update.refresh() ? node.value() : update.value(),
                update.lifetime(),
                update.refresh());
    }

    private Event swap(Write.CompareAndSwap swap) throws NodeErrorException {
        refuseRoot(swap.path());
        var node = before.require(swap.path());
        fileMust(node, swap.condition());
        return change(
                Action.COMPARE_AND_SWAP,
                node,
                swap.refresh() ? node.value() : swap.value(),
                swap.lifetime(),
                swap.refresh());
    }

    /** A directory's modified index stays, though its event has the new one; as in etcd. */
    private Event change(
            Action action, Node node, String value, @Nullable Lifetime lifetime, boolean refresh) {
        forget(node);
        var changed =
                new Node(
                        node.path(),
                        node.dir(),
                        node.dir() ? "" : value,
                        node.createdIndex(),
                        node.dir() ? node.modifiedIndex() : index,
                        ending(node.path(), lifetime));
        write(changed);
        var told =
                new Node(
                        node.path(),
                        node.dir(),
                        changed.value(),
                        node.createdIndex(),
                        index,
                        changed.ending());
        return new Event(action, told.info(now), node.info(now), refresh);
    }

    private Event delete(Write.Delete delete) throws NodeErrorException {
        var path = delete.path();
        refuseRoot(path);
        var node = before.require(path);
        if (node.dir() && !delete.dir() && !delete.recursive()) {
            throw refusal(ErrorCode.NOT_A_FILE, path.text());
        }
        if (node.dir() && !delete.recursive() && before.hasChildren(path)) {
            throw refusal(ErrorCode.DIRECTORY_NOT_EMPTY, path.text());
        }
        return remove(Action.DELETE, node);
    }

    private Event compareAndDelete(Write.CompareAndDelete delete) throws NodeErrorException {
        var node = before.require(delete.path());
        fileMust(node, delete.condition());
        return remove(Action.COMPARE_AND_DELETE, node);
    }

    /** Ends the node whose time is up; null if that node has been changed meanwhile. */
    @Nullable Event expire(Expiry expiry) {
        var node = before.find(expiry.path());
        if (node == null || node.ending() == null || node.ending().expiry() != expiry.id()) {
            return null;
        }
        return remove(Action.EXPIRE, node);
    }

    private Event remove(Action action, Node node) {
        if (node.dir()) {
            int level = 1;
            while (removeLevel(node.path(), level)) {
                level++;
            }
        }
        forget(node);
        var _ = transaction.delete(KeyRange.one(NodeKeys.of(namespace, node.path())));
        return new Event(
                action,
                NodeInfo.gone(node.path(), node.dir(), index, node.createdIndex()),
                node.info(now),
                false);
    }

    /** Returns whether there was anything. */
    private boolean removeLevel(NodePath directory, int level) {
        var victims = transaction.delete(NodeKeys.below(namespace, directory, level));
        victims.forEach(victim -> forget(Node.decode(victim)));
        return !victims.isEmpty();
    }

    private void fileMust(Node node, Condition condition) throws NodeErrorException {
        if (node.dir()) {
            // The root's name is not told, as etcd does.
            throw refusal(ErrorCode.NOT_A_FILE, node.path().root() ? "" : node.path().text());
        }
        boolean sameValue = condition.value().isEmpty() || node.value().equals(condition.value());
        boolean sameIndex = condition.index() == 0 || node.modifiedIndex() == condition.index();
        if (sameValue && sameIndex) {
            return;
        }
        String values = "[%s != %s]".formatted(condition.value(), node.value());
        String indices =
                "[%s != %d]"
                        .formatted(Long.toUnsignedString(condition.index()), node.modifiedIndex());
        throw refusal(
                ErrorCode.COMPARE_FAILED,
                sameValue ? indices : sameIndex ? values : values + " " + indices);
    }

    private void refuseRoot(NodePath path) throws NodeErrorException {
        if (path.root()) {
            throw refusal(ErrorCode.ROOT_READ_ONLY, "/");
        }
    }

    private NodeErrorException refusal(ErrorCode code, String cause) {
        return new NodeErrorException(code, cause, before.index());
    }

    private @Nullable Ending ending(NodePath path, @Nullable Lifetime lifetime) {
        if (lifetime == null) {
            return null;
        }
        expiries.put(new Expiry(index, namespace, path, lifetime.ttlSeconds(), 0));
        return new Ending(index, lifetime.epochNanos());
    }

    private void forget(@Nullable Node node) {
        if (node != null && node.ending() != null) {
            expiries.remove(node.ending().expiry());
        }
    }

    private void write(Node node) {
        var _ = transaction.put(NodeKeys.of(namespace, node.path()), node.encode(), 0L);
    }
}
