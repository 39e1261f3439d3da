package io.skerry.fleet.ctl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** The API's JSON for people and programs: indented, or as YAML. */
final class Structured {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Structured() {}

    /** The same document, indented by two, ended by a newline. */
    static String json(byte[] json) {
        var text = new StringWriter();
        try (var parser = FACTORY.createParser(json);
                var generator = FACTORY.createGenerator(text)) {
            var indenter = new DefaultIndenter("  ", "\n");
            generator.setPrettyPrinter(
                    new DefaultPrettyPrinter()
                            .withObjectIndenter(indenter)
                            .withArrayIndenter(indenter));
            parser.nextToken();
            generator.copyCurrentStructure(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("the document was written by this program", e);
        }
        return text + "\n";
    }

    /**
     * The same document in YAML's block style. Strings are quoted as in JSON, which YAML contains.
     */
    static String yaml(byte[] json) {
        var text = new StringBuilder();
        try (var parser = FACTORY.createParser(json)) {
            parser.nextToken();
            value(parser, "", text);
        } catch (IOException e) {
            throw new UncheckedIOException("the document was written by this program", e);
        }
        return text.toString();
    }

    /** Writes a value; the text so far ends where it may begin on the same line. */
    private static void value(JsonParser json, String indent, StringBuilder text)
            throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> object(json, indent, text);
            case START_ARRAY -> array(json, indent, text);
            case VALUE_STRING -> text.append(quoted(json.getText())).append('\n');
            default -> text.append(json.getText()).append('\n');
        }
    }

    private static void object(JsonParser json, String indent, StringBuilder text)
            throws IOException {
        boolean first = true;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            text.append(first ? "" : indent).append(key(json.currentName())).append(':');
            first = false;
            switch (json.nextToken()) {
                case START_OBJECT -> nested(json, indent + "  ", text);
                case START_ARRAY -> nested(json, indent, text);
                default -> value(json, indent, text.append(' '));
            }
        }
        if (first) {
            text.append("{}\n");
        }
    }

    /** A collection under a key: on the next line, or behind the key when it is empty. */
    private static void nested(JsonParser json, String indent, StringBuilder text)
            throws IOException {
        int before = text.length();
        value(json, indent, text);
        boolean empty = text.charAt(before) == '{' || text.charAt(before) == '[';
        text.insert(before, empty ? " " : "\n" + indent);
    }

    private static void array(JsonParser json, String indent, StringBuilder text)
            throws IOException {
        boolean first = true;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            text.append(first ? "" : indent).append("- ");
            first = false;
            value(json, indent + "  ", text);
        }
        if (first) {
            text.append("[]\n");
        }
    }

    private static String key(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9_-]*") ? name : quoted(name);
    }

    private static String quoted(String value) throws UncheckedIOException {
        var text = new StringWriter();
        try (var generator = FACTORY.createGenerator(text)) {
            generator.writeString(value);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString();
    }
}
