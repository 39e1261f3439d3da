package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.system.fleet.Cluster.Reply;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Machines and their metadata over the API of a real host. */
@OnCluster
final class MachinesApiTest {
    private static final String ASKED = "h2";

    private final Cluster cluster;
    private final String id;

    MachinesApiTest(Cluster cluster) throws IOException {
        this.cluster = cluster;
        this.id = cluster.host("h1").machineId();
    }

    @BeforeEach
    void isWithoutMetadataOfUsers() throws Exception {
        assertThat(list()).doesNotContain("\"rack\"");
    }

    @AfterEach
    void takeMetadataAway() throws Exception {
        assertThat(patch("remove", "/" + id + "/metadata/rack", "").status()).isEqualTo(204);
    }

    @Test
    void allMachinesAreListed() throws Exception {
        String machines = list();

        for (Host host : cluster.hosts()) {
            assertThat(machines)
                    .contains("\"" + host.machineId() + "\"", "\"" + host.address() + "\"");
        }
    }

    @Test
    void aBadPageTokenIsRefused() throws Exception {
        Reply reply = cluster.request(ASKED, "GET", "/machines?nextPageToken=EwBMLg==", "");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("\"code\":400", "nextPageToken");
    }

    @Test
    void metadataIsAdded() throws Exception {
        assertThat(patch("add", "/" + id + "/metadata/rack", "one").status()).isEqualTo(204);

        assertThat(list()).contains("\"rack\":\"one\"");
    }

    @Test
    void metadataIsModified() throws Exception {
        patch("add", "/" + id + "/metadata/rack", "one");

        assertThat(patch("replace", "/" + id + "/metadata/rack", "two").status()).isEqualTo(204);

        assertThat(list()).contains("\"rack\":\"two\"");
    }

    @Test
    void metadataIsDeleted() throws Exception {
        patch("add", "/" + id + "/metadata/rack", "one");

        assertThat(patch("remove", "/" + id + "/metadata/rack", "").status()).isEqualTo(204);

        assertThat(list()).doesNotContain("\"rack\"");
    }

    @Test
    void aBadOperationIsRefused() throws Exception {
        refused(patch("noop", "/" + id + "/metadata/rack", "one"), "noop");
    }

    @Test
    void aBadPathIsRefused() throws Exception {
        refused(patch("add", "/" + id + "/rack", "one"), "path");
    }

    @Test
    void aBadValueIsRefused() throws Exception {
        refused(patch("add", "/" + id + "/metadata/rack", ""), "value");
    }

    @Test
    void metadataThatIsAddedBringsAUnitToItsMachine() throws Exception {
        cluster.writeService("racked.service", "MachineMetadata=rack=one");
        cluster.fleet("start", "--no-block", "racked");
        cluster.await("the reason", () -> cluster.fleet("explain", "racked").contains("rack"));

        patch("add", "/" + id + "/metadata/rack", "one");

        assertThat(cluster.hostOf("racked.service")).isEqualTo("h1");
    }

    private void refused(Reply reply, String why) throws InterruptedException {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("\"code\":400", why);
        assertThat(list()).doesNotContain("\"rack\"");
    }

    private String list() throws InterruptedException {
        Reply reply = cluster.request(ASKED, "GET", "/machines", "");
        assertThat(reply.status()).isEqualTo(200);
        return reply.text();
    }

    private Reply patch(String op, String path, String value) throws InterruptedException {
        return cluster.request(
                ASKED,
                "PATCH",
                "/machines",
                """
                [{"op": "%s", "path": "%s", "value": "%s"}]
                """
                        .formatted(op, path, value));
    }
}
