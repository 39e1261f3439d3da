package io.skerry.systemd.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitNameTest {
    @ParameterizedTest
    @CsvSource({
        "web.service, SERVICE, web, ''",
        "web@.service, SERVICE, web, ''",
        "web@1.service, SERVICE, web, 1",
        "web@a@b.c.timer, TIMER, web, a@b.c",
        "dev-disk\\x2dby.mount, MOUNT, dev-disk\\x2dby, ''",
        "a.b.target, TARGET, a.b, ''",
    })
    void comesApart(String name, UnitType type, String prefix, String instance) {
        var unit = new UnitName(name);

        assertThat(unit.type()).isEqualTo(type);
        assertThat(unit.prefix()).isEqualTo(prefix);
        assertThat(unit.instance()).isEqualTo(instance);
    }

    @Test
    void instancesKnowTheirTemplate() {
        var template = new UnitName("web@.service");

        assertThat(template.isTemplate()).isTrue();
        assertThat(new UnitName("web@1.service").template()).contains(template);
        assertThat(new UnitName("web@1.service").instanceOf(template)).isTrue();
        assertThat(new UnitName("web@1.timer").instanceOf(template)).isFalse();
        assertThat(new UnitName("web.service").instanceOf(template)).isFalse();
        assertThat(template.instanceOf(template)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "web",
                ".service",
                "@.service",
                "@1.service",
                "web.servic",
                "we b.service",
                "wéb.service",
                "a/b.service",
                "web.service\n"
            })
    void refusesWhatSystemdRefuses(String name) {
        assertThatThrownBy(() -> new UnitName(name)).isInstanceOf(IllegalArgumentException.class);
        assertThat(UnitName.parse(name)).isEmpty();
    }

    @Test
    void isAtMostAsLongAsAFileName() {
        assertThat(UnitName.parse("a".repeat(247) + ".service")).isPresent();
        assertThatThrownBy(() -> new UnitName("a".repeat(248) + ".service"))
                .hasMessage("unit name of 256 characters; at most 255 are allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "web, web.service",
        "web.service, web.service",
        "web@1, web@1.service",
        "a.b, a.b.service",
        "a.timer, a.timer"
    })
    void anArgumentWithoutTypeMeansAService(String argument, String name) {
        assertThat(UnitName.ofArgument(argument).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%n %N %p %i|web@eu.service web@eu web eu",
                "100%% %H %|100% %H %",
                "x%%i|x%i",
                "plain|plain",
            })
    void specifiersOfTheNameAreResolvedAndOthersLeft(String text, String resolved) {
        assertThat(Specifiers.resolve(text, new UnitName("web@eu.service"))).isEqualTo(resolved);
    }
}
