package io.skerry.fleet.daemon;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import io.skerry.base.log.Log;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.RegistryException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What this host knew last of the cluster: the members of the store, and the machines. It is kept
 * in a file beside the units, gone after a reboot as they are, so that a process which starts on a
 * host that is cut off knows whom to probe and whom to ask. Thread-safe.
 */
final class LastKnown {
    private static final Log LOG = Log.of(LastKnown.class);
    private static final String MEMBER = "member ";
    private static final String MACHINE = "machine ";

    private final Path file;
    private volatile Known known;

    private record Known(List<URI> members, List<MachineState> machines) {
        Known {
            members = List.copyOf(members);
            machines = List.copyOf(machines);
        }
    }

    /**
     * Begins with what a former process has left.
     *
     * @param configured members, as long as it is not known better
     */
    LastKnown(Path file, List<URI> configured) {
        this.file = file;
        Known former = read(file);
        this.known = former.members().isEmpty() ? new Known(configured, former.machines()) : former;
    }

    /** Members of the store, each at an address where it can be looked for. */
    List<URI> members() {
        return known.members();
    }

    /** Machines of the cluster, this one among them. */
    List<MachineState> machines() {
        return known.machines();
    }

    /** These are the members. */
    synchronized void members(List<URI> members) {
        note(new Known(members, known.machines()));
    }

    /** These are the machines; none of them tells nothing. */
    synchronized void machines(List<MachineState> machines) {
        if (!machines.isEmpty()) {
            note(new Known(known.members(), machines));
        }
    }

    private void note(Known news) {
        if (news.equals(known)) {
            return;
        }
        known = news;
        var lines = new ArrayList<String>();
        news.members().forEach(member -> lines.add(MEMBER + member));
        news.machines().forEach(machine -> lines.add(MACHINE + Codec.encode(machine)));
        try {
            WholeFile.replace(file, String.join("\n", lines) + "\n", FileMode.PRIVATE);
        } catch (IOException e) {
            LOG.warn("cannot keep what is known of the cluster", "file", file, "cause", e);
        }
    }

    private static Known read(Path file) {
        var members = new ArrayList<URI>();
        var machines = new ArrayList<MachineState>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(MEMBER)) {
                    members.add(URI.create(line.substring(MEMBER.length())));
                } else if (line.startsWith(MACHINE)) {
                    String value = line.substring(MACHINE.length());
                    machines.add(Codec.machine(new Entry(file.toString(), value, 0, 0, 0)));
                }
            }
        } catch (NoSuchFileException e) {
            // The first process of this boot.
        } catch (IOException | RegistryException | IllegalArgumentException e) {
            LOG.warn("cannot read what was known of the cluster", "file", file, "cause", e);
        }
        return new Known(members, machines);
    }
}
