package io.skerry.etcd.server.api.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Messages between JSON and their encoded form. */
final class JsonMessages {
    private static final JsonFormat.Parser PARSER = JsonFormat.parser();

    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** In the message of a failure to decode it, as the parser passes that on. */
    private static final String BASE64 = "BaseEncoding$DecodingException";

    private JsonMessages() {}

    /** Reads one message; nothing at all is the message without fields. */
    static ByteString read(Descriptor type, String json) throws GrpcException {
        try {
            var message = DynamicMessage.newBuilder(type);
            if (!json.isBlank()) {
                var tree = JSON.readTree(json);
                KnownFields.keep(tree, type);
                PARSER.merge(tree.toString(), message);
            }
            return message.build().toByteString();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Reads the messages of a stream, one after the other. */
    static List<ByteString> readAll(Descriptor type, String json) throws GrpcException {
        var messages = new ArrayList<ByteString>();
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(json)) {
            while (values.hasNextValue()) {
                messages.add(read(type, values.nextValue().toString()));
            }
            return messages;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private static GrpcException malformed(IOException cause) {
        return new GrpcException(GrpcCode.INVALID_ARGUMENT, words(cause));
    }

    /** etcd's words for what is cut off or no base64, which the libraries have none for. */
    private static String words(IOException cause) {
        if (cause instanceof JsonEOFException) {
            return "unexpected EOF";
        }
        String line = firstLine(cause);
        return line.contains(BASE64)
                ? "illegal base64 data"
                : "the body is not a valid request: " + line;
    }

    private static String firstLine(IOException cause) {
        String message =
                cause instanceof JsonProcessingException json
                        ? json.getOriginalMessage()
                        : String.valueOf(cause.getMessage());
        return message.lines().findFirst().orElse("");
    }

    static String write(Descriptor type, ByteString encoded) throws GrpcException {
        try {
            return PRINTER.print(DynamicMessage.parseFrom(type, encoded));
        } catch (InvalidProtocolBufferException e) {
            throw new GrpcException(GrpcCode.INTERNAL, "a response cannot be read", e);
        }
    }

    /** The body that tells why a call failed. */
    static String error(GrpcException failure) {
        var body = JSON.createObjectNode();
        String message = String.valueOf(failure.getMessage());
        body.put("error", message);
        body.put("message", message);
        body.put("code", failure.code().number());
        return body.toString();
    }

    /** The last line of a stream that failed. */
    static String streamError(GrpcException failure, int httpStatus) {
        var error = JSON.createObjectNode();
        error.put("grpc_code", failure.code().number());
        error.put("http_code", httpStatus);
        error.put("message", String.valueOf(failure.getMessage()));
        return JSON.createObjectNode().set("error", error).toString();
    }
}
