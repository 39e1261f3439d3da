package io.skerry.etcd.ctl.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.answer.HeaderAnswer;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.text.ByteText;
import java.util.List;

/** Adds a user. */
public final class UserAddCommand implements Command {
    /**
     * {@code AuthUserAddRequest.options}, younger than the classes, and its {@code no_password}.
     */
    private static final int OPTIONS = 3;

    private static final int NO_PASSWORD = 1;

    @Override
    public String usage() {
        return "[FLAGS] USER[:PASSWORD]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(
                Flag.on("interactive", "ask at the terminal; if false, read standard input")
                        .onAlready(),
                Flag.text("new-user-password", "", "the password"),
                Flag.on("no-password", "one who signs in by a certificate only"));
    }

    @Override
    public void run(Invocation invocation) throws CtlFailure, InterruptedException {
        String word = invocation.onlyWord("user add command requires user name as its argument");
        var request = AuthUserAddRequest.newBuilder();
        String given = invocation.given().text("new-user-password");
        int colon = word.indexOf(':');
        String user = word;
        if (invocation.on("no-password")) {
            request.setUnknownFields(withoutPassword());
        } else if (!given.isEmpty()) {
            request.setPasswordBytes(ByteText.bytes(given));
        } else if (colon < 0) {
            request.setPasswordBytes(ByteText.bytes(NewPassword.read(invocation, word)));
        } else {
            user = word.substring(0, colon);
            if (user.isEmpty()) {
                throw CtlFailure.arguments("empty user name is not allowed");
            }
            request.setPasswordBytes(ByteText.bytes(word.substring(colon + 1)));
        }
        request.setNameBytes(ByteText.bytes(user));
        try (var remote = invocation.connect()) {
            var response = remote.write(EtcdMethods.USER_ADD, request.build());
            invocation.print(
                    new HeaderAnswer(
                            response, response.getHeader(), "User %s created".formatted(user)));
        }
    }

    private static UnknownFieldSet withoutPassword() {
        var yes = UnknownFieldSet.Field.newBuilder().addVarint(1).build();
        ByteString options =
                UnknownFieldSet.newBuilder().addField(NO_PASSWORD, yes).build().toByteString();
        return UnknownFieldSet.newBuilder()
                .addField(
                        OPTIONS,
                        UnknownFieldSet.Field.newBuilder().addLengthDelimited(options).build())
                .build();
    }
}
