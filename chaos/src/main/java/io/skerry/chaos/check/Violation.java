package io.skerry.chaos.check;

import java.util.List;

/**
 * A promise that was broken.
 *
 * @param promise which, in a word or two
 * @param what how, in one sentence
 * @param excerpt the part of the history that shows it
 */
public record Violation(String promise, String what, List<String> excerpt) {
    public Violation {
        excerpt = List.copyOf(excerpt);
    }
}
