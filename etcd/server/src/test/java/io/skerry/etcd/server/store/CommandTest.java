package io.skerry.etcd.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.PutRequest;
import io.skerry.etcd.server.auth.AuthChange;
import io.skerry.etcd.server.auth.Caller;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class CommandTest {
    static final List<Command> COMMANDS =
            List.of(
                    new Command.Put(
                            PutRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("a"))
                                    .setValue(ByteString.copyFromUtf8("c"))
                                    .build()),
                    new Command.LeaseGrant(LeaseGrantRequest.newBuilder().setTTL(5).build()),
                    new Command.LeaseExpire(3, List.of(7L, 8L)),
                    new Command.LeaseCheckpoint(3, Map.of(7L, 60L)),
                    new Command.As(
                            new Caller("é", 9),
                            new Command.LeaseGrant(
                                    LeaseGrantRequest.newBuilder().setTTL(5).build())),
                    new Command.ChangeAuth(new AuthChange.GrantRole("u", "r")),
                    new Command.AssignToken("u", "token", 4));

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void commandIsReadAsItWasWrittenWhereverItLiesInTheLog(Command command) {
        ByteString alone = command.encode();
        byte[] entry = new byte[alone.size() + 11];
        alone.copyTo(entry, 8);
        ByteBuffer inside = ByteBuffer.wrap(entry, 8, alone.size()).slice();

        assertThat(Command.decode(alone)).isEqualTo(command);
        assertThat(Command.decode(UnsafeByteOperations.unsafeWrap(inside))).isEqualTo(command);
        assertThat(Command.decode(UnsafeByteOperations.unsafeWrap(inside.asReadOnlyBuffer())))
                .isEqualTo(command);
    }
}
