package io.skerry.systemd.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitFileTest {
    @Test
    void keepsOptionsInOrderAndGroupsSections() throws Exception {
        var file =
                UnitFile.parse(
                        "web.service",
                        """
                        [Unit]
                        Description=a
                        [Service]
                        ExecStart=/bin/b
                        [Unit]
                        After=c.service
                        [X-Fleet]
                        Global=true
                        """);

        assertThat(file.options())
                .containsExactly(
                        new UnitOption("Unit", "Description", "a"),
                        new UnitOption("Unit", "After", "c.service"),
                        new UnitOption("Service", "ExecStart", "/bin/b"),
                        new UnitOption("X-Fleet", "Global", "true"));
        assertThat(file.serialize())
                .isEqualTo(
                        """
                        [Unit]
                        Description=a
                        After=c.service

                        [Service]
                        ExecStart=/bin/b

                        [X-Fleet]
                        Global=true
                        """);
    }

    /** Bytes and hash as fleet 1.0 makes them of the same file: they name its key in the store. */
    @Test
    void hashIsTheSha1OfTheCanonicalForm() throws Exception {
        var file = UnitFile.parse("a.service", "[Service]\n ExecStart =  /bin/true \n# x\n");

        assertThat(file.serialize()).isEqualTo("[Service]\nExecStart=/bin/true\n");
        assertThat(file.sha1Hash()).isEqualTo("86943ac9f3754cb90f8dd38bf6da7b0cad074592");
    }

    @ParameterizedTest(name = "{0} reads as {1}")
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "A=b|b",
                "A = b|b",
                "  A\t=\tb  |b",
                "A=b=c|b=c",
                "A=b # no comment|b # no comment",
                "A=\"  b \"|\"  b \"",
                "A=b\\\\c|b\\\\c",
                "A=b\\\\\\\\|b\\\\\\\\",
            })
    void valuesAreTrimmedAndOtherwiseVerbatim(String line, String value) throws Exception {
        assertThat(valueOf(line)).isEqualTo(value);
    }

    @ParameterizedTest(name = "case {index}")
    @CsvSource(
            delimiter = '|',
            value = {
                "A=b \\~   c|b  c",
                "A=b \\~# comment~c|b  c",
                "A=b \\~   ; comment \\~c|b  c",
                "A=b\\~~C=d|b",
                "A=b\\|b",
                "A=\\~b|b",
                "A=b\\~c\\~d|b c d",
            })
    void aBackslashAtTheEndOfALineJoinsItWithTheNext(String text, String value) throws Exception {
        assertThat(valueOf(text.replace('~', '\n'))).isEqualTo(value);
    }

    @Test
    void continuedLinesStayAsWrittenInTheCanonicalForm() throws Exception {
        var file =
                UnitFile.parse(
                        "a.service", "[Service]\nExecStart=/bin/a \\\n   -b \\\n# no\n   -c\n");

        assertThat(file.serialize()).isEqualTo("[Service]\nExecStart=/bin/a \\\n   -b \\\n   -c\n");
    }

    @Test
    void emptyAssignmentsAreKeptAndResetLists() throws Exception {
        var file =
                UnitFile.parse("a.service", "[Service]\nExecStart=/a\nExecStart=\nExecStart=/b\n");

        assertThat(file.values("Service", "ExecStart")).containsExactly("/a", "", "/b");
        assertThat(file.listValues("Service", "ExecStart")).containsExactly("/b");
        assertThat(file.lastValue("Service", "ExecStart")).contains("/b");
        assertThat(file.lastValue("Service", "Type")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r", "\n\r"})
    void anyLineEndEndsALine(String end) throws Exception {
        var file = UnitFile.parse("a.service", String.join(end, "[Unit]", "A=b", "C=d", ""));

        assertThat(file.options())
                .containsExactly(
                        new UnitOption("Unit", "A", "b"), new UnitOption("Unit", "C", "d"));
    }

    @Test
    void aByteOrderMarkIsSkipped() throws Exception {
        assertThat(UnitFile.parse("a.service", "\uFEFF[Unit]\nA=b").values("Unit", "A"))
                .containsExactly("b");
    }

    @Test
    void anEmptyFileHasNoOptions() throws Exception {
        assertThat(UnitFile.parse("a.service", "\n# nothing\n[Unit]\n").isEmpty()).isTrue();
    }

    @Test
    void everyFaultIsToldWithItsLine() {
        var text =
                """
                Lost=1
                [Unit]
                Description=broken
                [Servic]
                ExecStart
                [Service
                =b
                """;

        var e = faultsOf("broken.service", text);

        assertThat(e)
                .hasMessage(
                        """
                        broken.service:1: 'Lost' stands before any section; begin with one, for instance [Unit]
                        broken.service:4: [Servic] unknown section; did you mean [Service]?
                        broken.service:5: [Servic] 'ExecStart' has no '='; write Name=value
                        broken.service:6: invalid section header '[Service'; write [Name]
                        broken.service:7: no name before '='\
                        """);
        assertThat(e.faults().get(1).section()).isEqualTo("Servic");
    }

    @Test
    void aFaultInAContinuedLineIsToldAtItsFirstLine() {
        assertThat(faultsOf("a.service", "[Unit]\n\nfoo \\\nbar\n").faults())
                .singleElement()
                .satisfies(f -> assertThat(f.line()).isEqualTo(3));
    }

    @ParameterizedTest(name = "[{1}] in {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a.service|service|did you mean [Service]?",
                "a.service|Instal|did you mean [Install]?",
                "a.service|Socket|a service may have [Unit], [Install], [Service] and [X-…]",
                "a.target|Service|a target may have [Unit], [Install] and [X-…]",
                "a.socket|Whatever|a socket may have [Unit], [Install], [Socket] and [X-…]",
                "a.service|x-fleet|a service may have [Unit], [Install], [Service] and [X-…]",
            })
    void unknownSectionsAreRefusedNamingWhatMayStandThere(
            String file, String section, String says) {
        assertThat(faultsOf(file, "[" + section + "]\nA=b\n"))
                .hasMessageContaining(file + ":1: [" + section + "] unknown section; ")
                .hasMessageContaining(says);
    }

    @Test
    void sectionsOfOthersBeginWithX() throws Exception {
        assertThat(UnitFile.parse("a.service", "[X-Mine]\nA=b").hasSection("X-Mine")).isTrue();
    }

    @Test
    void aNameWithoutTypeMayHaveTheSectionsOfAnyType() throws Exception {
        assertThat(UnitFile.parse("hello", "[Timer]\nOnBootSec=1").options()).hasSize(1);
    }

    @Test
    void binaryAndOversizedFilesAreRefused() {
        assertThat(faultsOf("a.service", "[Unit]\nA=\0"))
                .hasMessageContaining("a.service:2: [Unit] a NUL");
        assertThat(faultsOf("a.service", "[Unit]\nA=\uD800")).hasMessageContaining("surrogate");
        assertThat(faultsOf("a.service", "[Unit]\nA=" + "x".repeat(1 << 20)))
                .hasMessageContaining("at most 1048576");
        byte[] latin1 = "[Unit]\nDescription=caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        var e =
                catchThrowableOfType(
                        UnitFileException.class, () -> UnitFile.parse("a.service", latin1));
        assertThat(e).hasMessage("a.service:2: not valid UTF-8; save the file as UTF-8 text");
    }

    @Test
    void optionsOfAnApiMustBeWritableAsAFile() throws Exception {
        var good = List.of(new UnitOption("Service", "ExecStart", "/bin/a \\\n -b"));
        assertThat(UnitFile.of("a.service", good).options()).isEqualTo(good);

        for (var bad :
                List.of(
                        new UnitOption("Service", "A", "b\nC=d"),
                        new UnitOption("Service", "A", " b"),
                        new UnitOption("Service", "A", "b\\"),
                        new UnitOption("Service", "#A", "b"),
                        new UnitOption("Service", "A=B", "c"),
                        new UnitOption("Service", "", "c"),
                        new UnitOption("Service", "[A", "c"),
                        new UnitOption("Serv]\n[ice", "A", "c"),
                        new UnitOption("", "A", "c"))) {
            assertThat(
                            catchThrowableOfType(
                                    UnitFileException.class,
                                    () -> UnitFile.of("a.service", List.of(bad))))
                    .as(bad.toString())
                    .isNotNull();
        }
    }

    private static String valueOf(String text) throws UnitFileException {
        return UnitFile.parse("a.service", "[Unit]\n" + text).values("Unit", "A").getFirst();
    }

    private static UnitFileException faultsOf(String name, String text) {
        return catchThrowableOfType(UnitFileException.class, () -> UnitFile.parse(name, text));
    }
}
