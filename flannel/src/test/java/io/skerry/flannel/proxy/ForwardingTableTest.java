package io.skerry.flannel.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForwardingTableTest {
    private final ForwardingTable table =
            new ForwardingTable(
                    Map.of(
                            Cidr4.of("10.77.1.0/24"), Ip4.of("192.0.2.1"),
                            Cidr4.of("10.77.3.0/24"), Ip4.of("192.0.2.3"),
                            Cidr4.of("200.1.1.0/24"), Ip4.of("192.0.2.200")));

    @Test
    void addressLeadsToTheHostOfItsSubnetOrNowhere() {
        assertThat(table.find(Ip4.of("10.77.1.0").bits())).isEqualTo(Ip4.of("192.0.2.1").bits());
        assertThat(table.find(Ip4.of("10.77.3.255").bits())).isEqualTo(Ip4.of("192.0.2.3").bits());
        assertThat(table.find(Ip4.of("200.1.1.7").bits())).isEqualTo(Ip4.of("192.0.2.200").bits());
        assertThat(table.find(Ip4.of("10.77.2.1").bits())).isEqualTo(ForwardingTable.NOBODY);
        assertThat(table.find(Ip4.of("1.1.1.1").bits())).isEqualTo(ForwardingTable.NOBODY);
        assertThat(table.find(Ip4.of("255.1.1.1").bits())).isEqualTo(ForwardingTable.NOBODY);
        assertThat(ForwardingTable.UNKNOWN.find(0)).isEqualTo(ForwardingTable.NOBODY);
    }
}
