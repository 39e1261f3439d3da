package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;

/**
 * Outcome of one command, the same on every member.
 *
 * @param code {@link GrpcCode#OK}, or why the state machine refused the command
 * @param message the refusal in etcd's words; empty if it was not refused
 * @param response encoded etcd response whose header carries only the revision; the member that
 *     serves the client appends an encoded header with its own identity, which protobuf merges
 */
public record CommandResult(GrpcCode code, String message, ByteString response) {

    /** The command was carried out. */
    public static CommandResult ok(ByteString response) {
        return new CommandResult(GrpcCode.OK, "", response);
    }

    /** The state machine refused the command and is unchanged. */
    public static CommandResult refused(GrpcCode code, String message) {
        return new CommandResult(code, message, ByteString.EMPTY);
    }
}
