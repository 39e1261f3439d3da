package io.skerry.etcd.server.v2store;

import java.util.ArrayList;
import java.util.List;

/** Where a node is: {@code /} or {@code /a/b}, without empty, {@code .} and {@code ..} parts. */
public record NodePath(String text) {
    public static final NodePath ROOT = new NodePath("/");

    private static final char HIDDEN = '_';

    /** Cleans a path as it comes from a client: a slash more or less makes no difference. */
    public static NodePath of(String raw) {
        var parts = new ArrayList<String>();
        for (String part : raw.split("/", -1)) {
            switch (part) {
                case "", "." -> {}
                case ".." -> {
                    if (!parts.isEmpty()) {
                        parts.removeLast();
                    }
                }
                default -> parts.add(part);
            }
        }
        return new NodePath("/" + String.join("/", parts));
    }

    public boolean root() {
        return text.length() == 1;
    }

    /** The path as a beginning of others: empty for the root. */
    private String stem() {
        return root() ? "" : text;
    }

    public NodePath child(String name) {
        return new NodePath(stem() + "/" + name);
    }

    /** All directories on the way here, from the top; the root is not among them. */
    List<NodePath> ancestors() {
        var ancestors = new ArrayList<NodePath>();
        for (int i = text.indexOf('/', 1); i > 0; i = text.indexOf('/', i + 1)) {
            ancestors.add(new NodePath(text.substring(0, i)));
        }
        return ancestors;
    }

    /** How many names it has; 0 for the root. */
    int depth() {
        return root() ? 0 : (int) text.chars().filter(c -> c == '/').count();
    }

    /** The last name; empty for the root. */
    public String name() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /** Whether listings leave it out. */
    boolean hidden() {
        return !root() && name().charAt(0) == HIDDEN;
    }

    /** Whether this lies in that directory, at any depth. */
    boolean under(NodePath directory) {
        return !root()
                && (directory.root()
                        || (text.length() > directory.text.length()
                                && text.startsWith(directory.text)
                                && text.charAt(directory.text.length()) == '/'));
    }

    /** Whether a name between that directory and here, this one's included, is a hidden one. */
    boolean hiddenBelow(NodePath directory) {
        return text.indexOf("/" + HIDDEN, directory.stem().length()) >= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
