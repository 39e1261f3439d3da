package io.skerry.node.containers;

import io.skerry.containers.run.ContainerName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whom users mean by the name of a container. One that was run for a host alone has its name there
 * only; one that fleet places has it on all hosts.
 *
 * @param here machine id of the host where the names are used; empty: outside of all hosts
 */
record ContainerNames(List<KnownContainer> all, Optional<String> here) {
    ContainerNames {
        all = List.copyOf(all);
    }

    /**
     * The container meant by {@code NAME}, which is this host's if it has one and else the only one
     * of the cluster, or by {@code NAME@HOST}.
     *
     * @throws IOException says which there are
     */
    KnownContainer find(String text) throws IOException {
        List<KnownContainer> meant = all.stream().filter(each -> each.isMeantBy(text)).toList();
        var ours =
                meant.stream().filter(each -> here.equals(Optional.of(each.machineId()))).toList();
        if (ours.size() == 1) {
            return ours.getFirst();
        }
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        if (meant.isEmpty()) {
            throw new IOException(
                    "there is no container '"
                            + text
                            + "'; "
                            + (all.isEmpty()
                                    ? "there is none at all"
                                    : "there are "
                                            + joined(all.stream().map(KnownContainer::name))));
        }
        throw new IOException(
                text
                        + " runs on "
                        + joined(
                                meant.stream()
                                        .map(each ->
                                                each.host().isEmpty() ? "no host" : each.host()))
                        + ": name one of them as "
                        + meant.getFirst().reference());
    }

    private static String joined(Stream<String> words) {
        return words.distinct().collect(Collectors.joining(", "));
    }

    /** The container that stands in the way of a new one; empty: none does. */
    Optional<KnownContainer> rival(ContainerName fresh) {
        return all.stream()
                .filter(each -> each.name().equals(fresh.base()))
                .filter(each ->
                        !fresh.isInstance() || !each.isOfOneHost() || each.id().equals(fresh))
                .findFirst();
    }
}
