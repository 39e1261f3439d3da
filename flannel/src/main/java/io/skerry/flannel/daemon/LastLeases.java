package io.skerry.flannel.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.LeaseReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this host knew of the network when it ran last, beside the subnet's file and gone with the
 * boot like it. The udp backend, for which the kernel remembers nothing, carries by it until the
 * store has answered.
 */
record LastLeases(String config, List<Lease> leases) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    LastLeases {
        leases = List.copyOf(leases);
    }

    private static Path path(Path subnetFile) {
        return subnetFile.resolveSibling("." + subnetFile.getFileName() + ".leases");
    }

    /** Empty if there is none, or one that cannot be read. */
    static Optional<LastLeases> read(Path subnetFile) throws IOException {
        try {
            var tree = MAPPER.readTree(Files.readString(path(subnetFile)));
            var leases = new ArrayList<Lease>();
            tree.path("leases")
                    .properties()
                    .forEach(entry ->
                            LeaseReader.lease(entry.getKey(), entry.getValue().asText())
                                    .ifPresent(leases::add));
            String config = tree.path("config").asText();
            return config.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new LastLeases(config, leases));
        } catch (NoSuchFileException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    void write(Path subnetFile) throws IOException {
        ObjectNode tree = MAPPER.createObjectNode().put("config", config);
        ObjectNode entries = tree.putObject("leases");
        leases.forEach(lease -> entries.put(lease.key(), lease.value().json()));
        WholeFile.replace(path(subnetFile), tree.toString(), FileMode.PUBLIC);
    }
}
