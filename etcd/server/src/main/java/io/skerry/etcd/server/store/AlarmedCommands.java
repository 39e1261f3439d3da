package io.skerry.etcd.server.store;

import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.skerry.etcd.server.alarm.Alarm;
import io.skerry.etcd.server.alarm.AlarmTable;
import java.util.List;

/**
 * Which commands an alarm refuses: NOSPACE whatever could make the store larger, CORRUPT whatever
 * changes it. Decided where the command is applied, so that every member decides the same.
 */
final class AlarmedCommands {
    private AlarmedCommands() {}

    static void check(AlarmTable alarms, Command command) throws RefusedException {
        if (alarms.all().isEmpty()) {
            return;
        }
        if (alarms.raised(Alarm.Kind.CORRUPT) && changesContent(command)) {
            throw new RefusedException(Refusal.CORRUPT);
        }
        if (alarms.raised(Alarm.Kind.NOSPACE) && needsSpace(command)) {
            throw new RefusedException(Refusal.NO_SPACE);
        }
    }

    private static boolean changesContent(Command command) {
        return switch (command) {
            case Command.Put _,
                    Command.DeleteRange _,
                    Command.Txn _,
                    Command.Compact _,
                    Command.LeaseGrant _,
                    Command.LeaseRevoke _,
                    Command.LeaseExpire _,
                    Command.NodeWrite _,
                    Command.NodeExpire _ ->
                    true;
            case Command.LeaseCheckpoint _,
                    Command.NodeCheckpoint _,
                    Command.Alarm _,
                    Command.ChangeAuth _,
                    Command.AssignToken _,
                    Command.Members _ ->
                    false;
            case Command.As(_, var inner) -> changesContent(inner);
        };
    }

    private static boolean needsSpace(Command command) {
        return switch (command) {
            case Command.Put _, Command.LeaseGrant _ -> true;
            case Command.Txn(var request) -> puts(request);
            case Command.NodeWrite(var write) -> write.needsSpace();
            case Command.DeleteRange _,
                    Command.Compact _,
                    Command.LeaseRevoke _,
                    Command.LeaseExpire _,
                    Command.LeaseCheckpoint _,
                    Command.NodeExpire _,
                    Command.NodeCheckpoint _,
                    Command.Alarm _,
                    Command.ChangeAuth _,
                    Command.AssignToken _,
                    Command.Members _ ->
                    false;
            case Command.As(_, var inner) -> needsSpace(inner);
        };
    }

    /** Whether a branch, or a branch of a txn within, puts. */
    private static boolean puts(TxnRequest request) {
        return puts(request.getSuccessList()) || puts(request.getFailureList());
    }

    private static boolean puts(List<RequestOp> operations) {
        for (var operation : operations) {
            if (operation.hasRequestPut()
                    || (operation.hasRequestTxn() && puts(operation.getRequestTxn()))) {
                return true;
            }
        }
        return false;
    }
}
