package io.skerry.fleet.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who has which role. Without any rule whoever can connect may do everything; with tokens only,
 * certificates still may.
 */
public record AccessRules(List<Rule> rules, List<Token> tokens) {
    /** Nobody is refused. */
    public static final AccessRules OPEN = new AccessRules(List.of(), List.of());

    /** One subject's role. Of several that match, the highest holds. */
    public record Rule(Role role, Subject subject) {}

    /** Keeps its own copies. */
    public AccessRules {
        rules = List.copyOf(rules);
        tokens = List.copyOf(tokens);
    }

    /**
     * Rules from the words of a configuration.
     *
     * @throws IllegalArgumentException names the word that cannot be a subject
     */
    public static List<Rule> rules(Map<Role, List<String>> subjects) {
        var rules = new ArrayList<Rule>();
        subjects.forEach((role, words) ->
                words.forEach(word -> rules.add(new Rule(role, Subject.parse(word)))));
        return rules;
    }

    /** The role of a certificate's owner, if it has one. */
    public Optional<Role> of(Subject.Owner owner) {
        return rules.isEmpty()
                ? Optional.of(Role.ADMIN)
                : highest(rule -> rule.subject().matches(owner));
    }

    /** The role of who shows nothing, if it has one. */
    public Optional<Role> ofAnonymous() {
        return rules.isEmpty() && tokens.isEmpty()
                ? Optional.of(Role.ADMIN)
                : highest(rule -> rule.subject() instanceof Subject.Anonymous);
    }

    /** The token with that secret, if there is one. */
    public Optional<Token> token(String secret) {
        return tokens.stream().filter(token -> token.isSecret(secret)).findFirst();
    }

    /** Whether somebody without a certificate may be let in at all. */
    public boolean certificateRequired() {
        return tokens.isEmpty();
    }

    private Optional<Role> highest(Predicate<Rule> matching) {
        return rules.stream().filter(matching).map(Rule::role).max(Comparator.naturalOrder());
    }
}
