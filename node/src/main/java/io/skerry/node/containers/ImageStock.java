package io.skerry.node.containers;

import io.skerry.containers.remote.HostClient.HostImage;
import io.skerry.node.containers.Cluster.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Which hosts have which images.
 *
 * @param images by host, of those that answered
 * @param troubles of those that did not, by host
 */
record ImageStock(
        SequencedMap<Machine, List<HostImage>> images, SequencedMap<Machine, String> troubles) {
    private record Answer(Machine machine, List<HostImage> images, String trouble) {}

    /** Asks hosts at the same time. */
    static ImageStock of(Cluster cluster, List<Machine> machines)
            throws IOException, InterruptedException {
        var hosts = cluster.hosts();
        var questions = new ArrayList<Callable<Answer>>();
        for (Machine machine : machines) {
            questions.add(() -> {
                try {
                    return new Answer(machine, hosts.images(machine.id()), "");
                } catch (IOException e) {
                    return new Answer(machine, List.of(), String.valueOf(e.getMessage()));
                }
            });
        }
        var images = new LinkedHashMap<Machine, List<HostImage>>();
        var troubles = new LinkedHashMap<Machine, String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answered : threads.invokeAll(questions)) {
                Answer answer = answered.get();
                if (answer.trouble().isEmpty()) {
                    images.put(answer.machine(), answer.images());
                } else {
                    troubles.put(answer.machine(), answer.trouble());
                }
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        if (images.isEmpty() && !troubles.isEmpty()) {
            throw new IOException(
                    "no host tells its images: " + String.join("; ", lines(troubles)));
        }
        return new ImageStock(images, troubles);
    }

    /** What did not answer, a line each. */
    List<String> unreachable() {
        return lines(troubles);
    }

    private static List<String> lines(Map<Machine, String> troubles) {
        return troubles.entrySet().stream()
                .map(entry -> entry.getKey().name() + ": " + entry.getValue())
                .toList();
    }

    /** Each image once, with the names of the hosts that have it. */
    Map<HostImage, List<String>> hostsByImage() {
        var hosts =
                new TreeMap<HostImage, List<String>>(
                        java.util.Comparator.comparing(HostImage::name)
                                .thenComparing(HostImage::digest));
        images.forEach((machine, found) ->
                found.forEach(image ->
                        hosts.computeIfAbsent(image, any -> new ArrayList<>())
                                .add(machine.name())));
        return hosts;
    }

    /**
     * Refuses an image that not all of these hosts have: a container may come to run on any.
     *
     * @throws IOException says where it is, or which there are instead
     */
    void require(String image) throws IOException {
        var having = new ArrayList<String>();
        var lacking = new ArrayList<String>();
        images.forEach((machine, found) -> {
            boolean has =
                    found.stream()
                            .map(HostImage::name)
                            .anyMatch(name -> name.equals(image) || name.equals(image + ":latest"));
            (has ? having : lacking).add(machine.name());
        });
        if (having.isEmpty()) {
            var names = hostsByImage().keySet().stream().map(HostImage::name).distinct().toList();
            throw new IOException(
                    "there is no image '"
                            + image
                            + "'"
                            + (names.isEmpty() ? "" : "; there is " + String.join(", ", names))
                            + ". Bring it in with \"skerry images import\"");
        }
        if (!lacking.isEmpty()) {
            throw new IOException(
                    "image '"
                            + image
                            + "' is on "
                            + String.join(", ", having)
                            + " but not on "
                            + String.join(", ", lacking)
                            + ", where the container may come to run; import it there, or name a"
                            + " host with --host");
        }
    }
}
