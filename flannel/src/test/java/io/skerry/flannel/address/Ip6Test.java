package io.skerry.flannel.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ip6Test {
    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "::1, ::1",
        "FD00:0005:0::, fd00:5::",
        "fd00:0:0:1:0:0:0:2, fd00:0:0:1::2",
        "fd00:0:1:0:0:2:0:0, fd00:0:1::2:0:0",
        "1:0:3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
        "1::8, 1::8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0"
    })
    void textIsAsRfc5952WantsIt(String text, String canonical) {
        assertThat(Ip6.of(text)).hasToString(canonical);
        assertThat(Ip6.of(Ip6.of(text).bytes())).isEqualTo(Ip6.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "g::",
                "12345::",
                "1:2:3:4:5:6:7:8::",
                ":1::",
                "fe80::1%eth0",
                "10.5.0.1"
            })
    void whatIsNoAddressIsNone(String text) {
        assertThat(Ip6.parse(text)).isEmpty();
    }

    @Test
    void networksAreCountedOverTheMiddleOfAnAddress() {
        Cidr6 last = Cidr6.of("fd00::ffff:ffff:ffff:fff0/124");

        assertThat(last.next(1)).isEqualTo(Cidr6.of("fd00:0:0:1::/124"));
        assertThat(last.distance(Cidr6.of("fd00:0:0:1::20/124"))).isEqualTo(3);
        assertThat(Cidr6.of("fd00::/64").next(65_536)).isEqualTo(Cidr6.of("fd00:0:1::/64"));
        assertThat(Cidr6.of("fd00::/64").distance(Cidr6.of("fd00:0:1::/64"))).isEqualTo(65_536);
        assertThat(Cidr6.of("fd00::/126").distance(Cidr6.of("fd00:0:1::/126")))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void networkContainsWhatSharesItsPrefixAndNothingOfTheOtherFamily() {
        Cidr6 network = Cidr6.of("fd00:5::/48");

        assertThat(network.contains(Ip6.of("fd00:5:0:ffff::9"))).isTrue();
        assertThat(network.contains(Ip6.of("fd00:5:1::"))).isFalse();
        assertThat(network.contains(Ip4.of("10.5.0.1"))).isFalse();
        assertThat(Cidr6.of("::/0").contains(Ip4.of("10.5.0.1"))).isFalse();
        assertThat(network.overlaps(Cidr6.of("fd00::/16"))).isTrue();
        assertThat(network.last()).isEqualTo(Ip6.of("fd00:5:0:ffff:ffff:ffff:ffff:ffff"));
    }
}
