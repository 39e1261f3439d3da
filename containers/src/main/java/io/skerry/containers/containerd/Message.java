package io.skerry.containers.containerd;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A protocol buffers message whose fields are known by their numbers. Reading a field that is not
 * there gives the default of proto3: 0, an empty text, an empty message. Immutable.
 */
public record Message(UnknownFieldSet fields) {
    /** Without a field. */
    public static final Message EMPTY = new Message(UnknownFieldSet.getDefaultInstance());

    /** Reads any message. */
    public static final Parser<UnknownFieldSet> PARSER =
            UnknownFieldSet.getDefaultInstance().getParserForType();

    private static final int KEY = 1;
    private static final int VALUE = 2;

    /** With one more value of a field that holds text; an empty text is the default. */
    public Message with(int field, String text) {
        return text.isEmpty() ? this : with(field, ByteString.copyFromUtf8(text));
    }

    /** With one more value of a field that holds bytes. */
    public Message with(int field, ByteString bytes) {
        return with(field, Field.newBuilder().addLengthDelimited(bytes).build());
    }

    /** With one more value of a field that holds a message. */
    public Message with(int field, Message message) {
        return with(field, message.fields.toByteString());
    }

    /** With a number (int32, int64, enum or bool). */
    public Message with(int field, long number) {
        return with(field, Field.newBuilder().addVarint(number).build());
    }

    /** With the entries of a {@code map<string, string>}. */
    public Message with(int field, Map<String, String> table) {
        Message message = this;
        for (Map.Entry<String, String> entry : table.entrySet()) {
            message =
                    message.with(
                            field, EMPTY.with(KEY, entry.getKey()).with(VALUE, entry.getValue()));
        }
        return message;
    }

    private Message with(int field, Field value) {
        return new Message(fields.toBuilder().mergeField(field, value).build());
    }

    /** Whether a field of text, bytes or a message is there. */
    public boolean has(int field) {
        return !fields.getField(field).getLengthDelimitedList().isEmpty();
    }

    public ByteString bytes(int field) {
        List<ByteString> values = fields.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? ByteString.EMPTY : values.getLast();
    }

    public String text(int field) {
        return bytes(field).toStringUtf8();
    }

    /** All values of a repeated field of text. */
    public List<String> texts(int field) {
        return fields.getField(field).getLengthDelimitedList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
    }

    public long number(int field) {
        List<Long> values = fields.getField(field).getVarintList();
        return values.isEmpty() ? 0 : values.getLast();
    }

    /**
     * A message inside this one.
     *
     * @throws IllegalArgumentException when the field holds no message
     */
    public Message message(int field) {
        return parse(bytes(field));
    }

    /** All values of a repeated field of messages. */
    public List<Message> messages(int field) {
        var messages = new ArrayList<Message>();
        for (ByteString value : fields.getField(field).getLengthDelimitedList()) {
            messages.add(parse(value));
        }
        return messages;
    }

    /** A {@code map<string, string>}. */
    public Map<String, String> table(int field) {
        var table = new LinkedHashMap<String, String>();
        for (Message entry : messages(field)) {
            table.put(entry.text(KEY), entry.text(VALUE));
        }
        return table;
    }

    private static Message parse(ByteString bytes) {
        try {
            return new Message(UnknownFieldSet.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a field holds no message: " + e.getMessage(), e);
        }
    }
}
