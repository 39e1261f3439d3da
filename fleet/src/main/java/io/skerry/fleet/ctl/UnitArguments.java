package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the arguments of a command mean. Each is looked for as a unit of the cluster, then
 * as a file, then as an instance of a template of the cluster, then as an instance of a template
 * file.
 */
final class UnitArguments {
    private final Path directory;
    private final PrintWriter err;

    /** What the cluster has of the units meant and their templates. */
    private final Map<String, UnitEntity> inCluster;

    private UnitArguments(Path directory, PrintWriter err, Map<String, UnitEntity> inCluster) {
        this.directory = directory;
        this.err = err;
        this.inCluster = inCluster;
    }

    /**
     * What an argument means.
     *
     * @param known the unit as the cluster has it; null: it does not
     * @param file what it shall be created with or replaced by; null: it stays as it is
     */
    record Meant(UnitName name, @Nullable UnitEntity known, @Nullable UnitFile file) {
        /** The hash of the unit file that it will have. */
        String hash() {
            if (file != null) {
                return file.sha1Hash();
            }
            return known == null ? "" : LocalUnit.hash(known.options());
        }

        /** True when the cluster has it with another file. */
        boolean replaces() {
            return known != null
                    && file != null
                    && !file.sha1Hash().equals(LocalUnit.hash(known.options()));
        }

        boolean global() {
            if (file != null) {
                return LocalUnit.isGlobal(UnitEntity.create(name.value(), file.options(), ""));
            }
            return known != null && LocalUnit.isGlobal(known);
        }
    }

    /**
     * The meaning of all arguments. Nothing is changed yet, so that one bad file means that nothing
     * is stored.
     *
     * @param replace whether a file takes the place of the one that the cluster has
     */
    static List<Meant> resolve(Session session, List<String> arguments, boolean replace)
            throws CtlException, IOException, InterruptedException {
        var once = arguments.stream().distinct().toList();
        var names = new ArrayList<String>();
        for (String argument : once) {
            UnitName name = name(argument);
            names.add(name.value());
            name.template().ifPresent(template -> names.add(template.value()));
        }
        var known = session.api().units(names);
        var resolving = new UnitArguments(session.surroundings().directory(), session.err(), known);
        var meant = new ArrayList<Meant>();
        var complaints = new ArrayList<String>();
        for (String argument : once) {
            try {
                meant.add(resolving.resolve(argument, replace));
            } catch (CtlException e) {
                complaints.addAll(e.lines());
            }
        }
        if (!complaints.isEmpty()) {
            throw CtlException.failed(complaints.stream().distinct().toList());
        }
        return meant;
    }

    private Meant resolve(String argument, boolean replace) throws CtlException, IOException {
        UnitName name = name(argument);
        Path path = directory.resolve(argument).resolveSibling(name.value());
        UnitEntity known = inCluster.get(name.value());
        if (known != null) {
            return replace
                    ? new Meant(name, known, source(name, path).orElse(null))
                    : unchanged(name, path, known);
        }
        Optional<UnitFile> file = source(name, path);
        if (file.isEmpty()) {
            throw nowhere(argument, name, path);
        }
        return new Meant(name, null, file.get());
    }

    private Meant unchanged(UnitName name, Path path, UnitEntity known) throws IOException {
        String why = "";
        try {
            var local = LocalUnit.read(path, name);
            if (local.isPresent()
                    && !local.get().sha1Hash().equals(LocalUnit.hash(known.options()))) {
                why = "differs from";
            }
        } catch (CtlException e) {
            why = "is not";
        }
        if (!why.isEmpty()) {
            err.println(
                    "WARNING: Unit "
                            + name
                            + " in the cluster "
                            + why
                            + " the local file "
                            + path.getFileName()
                            + "; --replace puts the file in its place");
        }
        return new Meant(name, known, null);
    }

    /** What a unit is created with, or replaced by. */
    private Optional<UnitFile> source(UnitName name, Path path) throws CtlException, IOException {
        Optional<UnitFile> local = LocalUnit.read(path, name);
        return local.isPresent() ? local : fromTemplate(name, path);
    }

    private Optional<UnitFile> fromTemplate(UnitName name, Path path)
            throws CtlException, IOException {
        Optional<UnitName> template = name.template();
        if (template.isEmpty()) {
            return Optional.empty();
        }
        UnitEntity known = inCluster.get(template.get().value());
        return known != null
                ? Optional.of(file(template.get(), known))
                : LocalUnit.read(path.resolveSibling(template.get().value()), name);
    }

    private static CtlException nowhere(String argument, UnitName name, Path path) {
        return CtlException.failed(
                "Unit "
                        + name
                        + " is not in the cluster, and there is no file "
                        + (argument.endsWith(name.value()) ? argument : path.getFileName())
                        + name.template().map(t -> " and no template " + t).orElse(""));
    }

    private static UnitFile file(UnitName template, UnitEntity known) throws CtlException {
        try {
            return UnitFile.of(template.value(), known.options());
        } catch (UnitFileException e) {
            throw CtlException.failed(e.getMessage() == null ? "" : e.getMessage());
        }
    }

    /** The unit that an argument names: the last part of a path, a service if it has no suffix. */
    static UnitName name(String argument) throws CtlException {
        try {
            return UnitName.ofArgument(argument.substring(argument.lastIndexOf('/') + 1));
        } catch (IllegalArgumentException e) {
            throw CtlException.failed(String.valueOf(e.getMessage()));
        }
    }
}
