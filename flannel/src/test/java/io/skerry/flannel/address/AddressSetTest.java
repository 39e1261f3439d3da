package io.skerry.flannel.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Seeds;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSetTest {
    @ParameterizedTest
    @CsvSource({
        "10.5.1.2, 10.5.1.2",
        "::, ::",
        "::1, ::1",
        "FD00:0:0:0::2, fd00::2",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1"
    })
    void addressIsWrittenShort(String given, String written) {
        assertThat(Ip.parse(given)).map(Ip::toString).contains(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1::2::3",
                "fd00",
                "fd00:",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                "fd00::g",
                "10.5.1",
                "10.5.1.256",
                "1.2.3.4::",
                "fd00::1%eth0"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThat(Ip.parse(text)).isEmpty();
    }

    @Test
    void textOfAnyAddressIsReadByTheJdkAsTheSame() {
        Seeds.each(
                200,
                random -> {
                    var groups = new ArrayList<String>();
                    for (int i = 0; i < 8; i++) {
                        groups.add(
                                Integer.toHexString(
                                        random.nextInt(3) == 0 ? random.nextInt(65536) : 0));
                    }
                    String given = String.join(":", groups);

                    String written = Ip.of(given).toString();

                    assertThat(InetAddress.getByName(written))
                            .isEqualTo(InetAddress.getByName(given));
                    assertThat(Ip.of(written)).isEqualTo(Ip.of(given));
                });
    }

    @Test
    void networkHasItsAddressesAndNoOthers() {
        var network = Cidr.of("fd00:5::/33");

        assertThat(AddressRange.of(network))
                .hasToString("fd00:5::-fd00:5:7fff:ffff:ffff:ffff:ffff:ffff");
        assertThat(network.contains(Ip.of("fd00:5:7fff::1"))).isTrue();
        assertThat(network.contains(Ip.of("fd00:5:8000::"))).isFalse();
        assertThat(Cidr.of("0.0.0.0/0").contains(Ip.of("::1"))).isFalse();
        assertThat(AddressRange.of(Cidr.of("10.5.1.7"))).hasToString("10.5.1.7");
        assertThat(Cidr.of("10.5.1.7/25").network()).hasToString("10.5.1.0/25");
        assertThat(Cidr.parse("10.5.0.0/33")).isEmpty();
        assertThat(Cidr.parse("fd00::/129")).isEmpty();
    }

    @Test
    void addressesFollowEachOtherBeyondTheHalfOfThem() {
        var last = Ip.of("fd00::ffff:ffff:ffff:ffff");

        assertThat(last.next()).isEqualTo(Ip.of("fd00:0:0:1::"));
        assertThat(Ip.of("fd00:0:0:1::").previous()).isEqualTo(last);
        assertThat(Ip.of("10.77.255.255").next()).isEqualTo(Ip.of("10.78.0.0"));
        assertThat(Ip.of("10.78.0.0").previous()).isEqualTo(Ip.of("10.77.255.255"));
    }

    @Test
    void setsOfAddressesAddUpAndSubtractAsAddressesDo() {
        Seeds.each(
                200,
                random -> {
                    var one = set(random);
                    var other = set(random);

                    for (int i = 0; i < 64; i++) {
                        var address = new Ip4(i);
                        boolean inOne = one.contains(address);
                        boolean inOther = other.contains(address);
                        assertThat(one.plus(other).contains(address)).isEqualTo(inOne || inOther);
                        assertThat(one.minus(other).contains(address)).isEqualTo(inOne && !inOther);
                    }
                    assertThat(AddressSet.ALL.minus(one).plus(one)).isEqualTo(AddressSet.ALL);
                });
    }

    private static AddressSet set(Random random) {
        var ranges = new ArrayList<AddressRange>();
        for (int i = random.nextInt(5); i > 0; i--) {
            int first = random.nextInt(60);
            ranges.add(new AddressRange(new Ip4(first), new Ip4(first + random.nextInt(5))));
        }
        return new AddressSet(List.copyOf(ranges));
    }
}
