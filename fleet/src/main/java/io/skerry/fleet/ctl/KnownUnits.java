package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitEntity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds units that the cluster has, by name or by pattern. */
final class KnownUnits {
    private KnownUnits() {}

    /**
     * The units that the arguments name, each once.
     *
     * @throws CtlException when there is none for some argument, before anything was changed
     */
    static List<UnitEntity> find(ApiClient api, List<String> arguments)
            throws CtlException, IOException, InterruptedException {
        boolean patterns = arguments.stream().anyMatch(KnownUnits::isPattern);
        List<List<UnitEntity>> found =
                patterns ? among(api.units(), arguments) : byName(api, arguments);
        Map<String, UnitEntity> units = new LinkedHashMap<>();
        var missing = new ArrayList<String>();
        for (int i = 0; i < arguments.size(); i++) {
            if (found.get(i).isEmpty()) {
                missing.add("Unit " + shown(arguments.get(i)) + " does not exist");
            }
            found.get(i).forEach(unit -> units.put(unit.name(), unit));
        }
        if (!missing.isEmpty()) {
            throw CtlException.failed(missing);
        }
        return List.copyOf(units.values());
    }

    private static List<List<UnitEntity>> byName(ApiClient api, List<String> arguments)
            throws CtlException, IOException, InterruptedException {
        var names = new ArrayList<String>();
        for (String argument : arguments) {
            names.add(UnitArguments.name(argument).value());
        }
        Map<String, UnitEntity> known = api.units(names);
        return names.stream()
                .map(name -> Optional.ofNullable(known.get(name)).stream().toList())
                .toList();
    }

    private static List<List<UnitEntity>> among(List<UnitEntity> all, List<String> arguments)
            throws CtlException {
        var found = new ArrayList<List<UnitEntity>>();
        for (String argument : arguments) {
            Pattern pattern =
                    isPattern(argument)
                            ? pattern(argument)
                            : Pattern.compile(Pattern.quote(UnitArguments.name(argument).value()));
            found.add(all.stream().filter(u -> pattern.matcher(u.name()).matches()).toList());
        }
        return found;
    }

    private static boolean isPattern(String argument) {
        return argument.indexOf('*') >= 0 || argument.indexOf('?') >= 0;
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(
                glob.chars()
                        .mapToObj(c ->
                                switch (c) {
                                    case '*' -> ".*";
                                    case '?' -> ".";
                                    default -> Pattern.quote(Character.toString(c));
                                })
                        .collect(Collectors.joining()));
    }

    private static String shown(String argument) throws CtlException {
        return isPattern(argument) ? "matching " + argument : UnitArguments.name(argument).value();
    }
}
