package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other programs of a host are told of its subnet. */
class HostFilesTest {
    private static final Map<String, String> SUBNET =
            Map.of(
                    "FLANNEL_NETWORK", "10.77.0.0/16",
                    "FLANNEL_SUBNET", "10.77.5.1/24",
                    "FLANNEL_IPV6_NETWORK", "fd77::/48",
                    "FLANNEL_IPV6_SUBNET", "fd77:0:0:5::1/64",
                    "FLANNEL_MTU", "1430",
                    "FLANNEL_IPMASQ", "true");

    @Test
    void dockerIsToldAsByTheOriginalsScript() {
        assertThat(new DockerOptions(true, true, true, "DOCKER_OPTS").text(SUBNET, Map.of()))
                .isEqualTo(
                        """
                        DOCKER_OPT_BIP="--bip=10.77.5.1/24"
                        DOCKER_OPT_IPMASQ="--ip-masq=false"
                        DOCKER_OPT_MTU="--mtu=1430"
                        DOCKER_OPTS=" --bip=10.77.5.1/24 --ip-masq=false --mtu=1430 "
                        """);
    }

    @Test
    void optionsThatAreThereAlreadyAreTakenAlong() {
        var environment = Map.of("OPTS", "-D", "DOCKER_OPT_LOG", "--log-level=warn");

        assertThat(new DockerOptions(false, true, false, "OPTS").text(SUBNET, environment))
                .isEqualTo("OPTS=\"-D --bip=10.77.5.1/24 --log-level=warn --mtu=1430 \"\n");
    }

    @Test
    void cniIsToldTheSubnetsOfBothFamilies() throws IOException {
        var tree = new ObjectMapper().readTree(new CniConfig("flannel", "cni0").text(SUBNET));

        assertThat(tree.path("plugins").path(0).toString())
                .isEqualTo(
                        "{\"type\":\"bridge\",\"bridge\":\"cni0\",\"mtu\":1430,\"isGateway\":true,"
                            + "\"isDefaultGateway\":true,\"hairpinMode\":true,\"ipMasq\":false,"
                            + "\"ipam\":{\"type\":\"host-local\",\"ranges\":[[{\"subnet\":"
                            + "\"10.77.5.0/24\"}],[{\"subnet\":\"fd77:0:0:5::/64\"}]],"
                            + "\"routes\":[{\"dst\":\"10.77.0.0/16\"},{\"dst\":\"fd77::/48\"}]}}");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new CniConfig("x", "y").text(Map.of("FLANNEL_MTU", "1430")))
                .withMessageContaining("FLANNEL_SUBNET is missing");
    }

    @Test
    void fileIsReadAndItsAbsenceExplained(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("subnet.env");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> SubnetEnv.read(file))
                .withMessageContaining("written when the host has its subnet");

        Files.writeString(file, "FLANNEL_MTU=1450\nnothing\n");

        assertThat(SubnetEnv.read(file)).isEqualTo(Map.of("FLANNEL_MTU", "1450"));
    }
}
