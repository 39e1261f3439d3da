package io.skerry.etcd.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.ResponseHeader;

/**
 * The response of {@link EtcdMethods#DOWNGRADE}: field 1 is the header, field 2 the cluster's
 * version.
 *
 * @param version as {@code 3.5.0}
 */
public record Downgrade(ResponseHeader header, String version) {
    private static final int ACTION = 1;
    private static final int HEADER = 1;
    private static final int VERSION = 2;

    /** What a request asks for; its number is field 1 of the request. */
    public enum Action {
        VALIDATE(0),
        ENABLE(1),
        CANCEL(2);

        private final int number;

        Action(int number) {
            this.number = number;
        }

        /**
         * The request.
         *
         * @param target the version to go to; empty if there is none
         */
        public UnknownFieldSet request(ByteString target) {
            return UnknownFieldSet.newBuilder()
                    .addField(ACTION, UnknownFieldSet.Field.newBuilder().addVarint(number).build())
                    .addField(VERSION, bytes(target))
                    .build();
        }
    }

    private static UnknownFieldSet.Field bytes(ByteString value) {
        return UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
    }

    /** The encoded response. */
    public ByteString encode() {
        return UnknownFieldSet.newBuilder()
                .addField(HEADER, bytes(header.toByteString()))
                .addField(VERSION, bytes(ByteString.copyFromUtf8(version)))
                .build()
                .toByteString();
    }

    /** Reads a response; throws if its header is none. */
    public static Downgrade decode(UnknownFieldSet message) throws InvalidProtocolBufferException {
        return new Downgrade(
                ResponseHeader.parseFrom(last(message, HEADER)),
                last(message, VERSION).toStringUtf8());
    }

    private static ByteString last(UnknownFieldSet message, int field) {
        var values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? ByteString.EMPTY : values.getLast();
    }
}
