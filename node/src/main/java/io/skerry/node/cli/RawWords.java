package io.skerry.node.cli;

import io.skerry.etcd.ctl.text.ByteText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of the process's arguments. Java decodes them by the locale and loses what is not of
 * it, which keys and values may well be; the kernel still has them.
 */
final class RawWords {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private RawWords() {}

    /** The arguments, a char for each byte. */
    static List<String> of(String... args) {
        var words = List.of(args);
        if (!words.stream().allMatch(RawWords::ascii)) {
            List<String> all = kernel();
            if (all.size() >= args.length) {
                return all.subList(all.size() - args.length, all.size());
            }
        }
        return words.stream().map(ByteText::ofText).toList();
    }

    private static boolean ascii(String word) {
        return word.chars().allMatch(c -> c < 0x80);
    }

    private static List<String> kernel() {
        try {
            byte[] line = Files.readAllBytes(COMMAND_LINE);
            var words = new ArrayList<String>();
            int start = 0;
            for (int i = 0; i < line.length; i++) {
                if (line[i] == 0) {
                    words.add(new String(line, start, i - start, StandardCharsets.ISO_8859_1));
                    start = i + 1;
                }
            }
            return words;
        } catch (IOException e) {
            return List.of();
        }
    }
}
