package io.skerry.etcd.ctl.text;

import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.failure.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The words of a line that a transaction or an interactive watch reads. */
public final class LineWords {
    /** Double quotes with escapes, single quotes without, or anything without blanks. */
    private static final Pattern WORD =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|[^'\"\\s]\\S*[^'\"\\s]?");

    private LineWords() {}

    /** Words without their quotes. */
    public static List<String> split(String line) throws CtlFailure {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(line);
        while (matcher.find()) {
            String word = matcher.group();
            if (word.startsWith("'")) {
                words.add(word.substring(1, word.length() - 1));
            } else if (word.startsWith("\"")) {
                words.add(
                        Quoting.unquote(word, 0)
                                .orElseThrow(() ->
                                        new CtlFailure(
                                                ExitStatus.INVALID_INPUT,
                                                "bad quoted string: " + word))
                                .value());
            } else {
                words.add(word);
            }
        }
        return List.copyOf(words);
    }
}
