package io.skerry.node.containers;

import io.skerry.node.playground.Output;
import io.skerry.node.playground.Rows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists images and which hosts have them. */
@Command(
        name = "list",
        description = "List the images that the hosts have.",
        footer = {
            "",
            "Examples:",
            "  skerry images list",
            "  skerry images list --host h1 -o json"
        })
final class ImagesListCommand extends ClusterCommand {
    @Option(names = "--host", paramLabel = "HOST", description = "Only those of this host.")
    private @Nullable String host;

    @Mixin private Output output = new Output();

    @Override
    int run(Cluster cluster) throws IOException, InterruptedException {
        var stock = ImageStock.of(cluster, chosen(cluster, host));
        var objects = new ArrayList<Map<String, Object>>();
        stock.hostsByImage()
                .forEach((image, hosts) -> {
                    var object = new LinkedHashMap<String, Object>();
                    object.put("name", image.name());
                    object.put("digest", image.digest());
                    object.put("bytes", image.bytes());
                    object.put("size", "%.1f MiB".formatted(image.bytes() / 1048576.0));
                    object.put("updated", image.updated());
                    object.put("hosts", hosts);
                    objects.add(object);
                });
        output.show(
                new Rows(
                        Rows.columnsOf("IMAGE", "name", "SIZE", "size", "HOSTS", "hosts"),
                        Rows.columnsOf("UPDATED", "updated", "DIGEST", "digest"),
                        objects));
        stock.unreachable().forEach(line -> err().println("skerry: " + line));
        return 0;
    }
}
