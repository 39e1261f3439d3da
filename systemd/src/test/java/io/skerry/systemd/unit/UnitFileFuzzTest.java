package io.skerry.systemd.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random text and random options; {@code -Dseed=N} replays one seed. */
class UnitFileFuzzTest {
    private static final int FILES = 20_000;
    private static final List<String> PIECES =
            List.of(
                    "[Unit]",
                    "[Service]",
                    "[X-Fleet]",
                    "[",
                    "]",
                    "=",
                    "A",
                    "ExecStart",
                    "b c",
                    "\\",
                    "\\\\",
                    "\n",
                    "\n",
                    "\n",
                    "\r",
                    "\r\n",
                    "#",
                    ";",
                    " ",
                    "\t",
                    "\uFEFF",
                    "\u00a0",
                    "\0",
                    "\u2028",
                    "\uD83D\uDE00",
                    "\uD800",
                    "%i",
                    "\"",
                    "\u000b",
                    "\f");

    @Test
    void parsingEndsWithAFileOrItsFaultsAndTheCanonicalFormIsAFixedPoint() {
        forSeeds(random -> {
            var text = new StringBuilder(random.nextInt(3) == 0 ? "" : "[Unit]\n");
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            UnitFile file;
            try {
                file = UnitFile.parse("a.service", text.toString());
            } catch (UnitFileException e) {
                long lines = text.chars().filter(c -> c == '\n' || c == '\r').count() + 1;
                assertThat(e.faults()).isNotEmpty();
                assertThat(e.faults()).allMatch(f -> f.line() >= 1 && f.line() <= lines);
                return;
            }
            UnitFile again = UnitFile.parse("a.service", file.serialize());
            assertThat(again).isEqualTo(file);
            assertThat(again.serialize()).isEqualTo(file.serialize());
            assertThat(UnitFile.of("a.service", file.options())).isEqualTo(file);
        });
    }

    @Test
    void optionsAreTakenAsTheyAreOrRefused() {
        forSeeds(random -> {
            var options = new ArrayList<UnitOption>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                String section = List.of("Unit", "Service", "X-Y").get(random.nextInt(3));
                options.add(new UnitOption(section, text(random, 2), text(random, 6)));
            }
            try {
                UnitFile file = UnitFile.of("a.service", options);
                assertThat(file.options()).containsExactlyInAnyOrderElementsOf(options);
                assertThat(UnitFile.parse("a.service", file.serialize())).isEqualTo(file);
            } catch (UnitFileException e) {
                assertThat(e.faults()).isNotEmpty();
            }
        });
    }

    @Test
    void everyAcceptedNameComesApartAndTogetherAgain() {
        var alphabet = "ab1@@.:_\\-é ";
        forSeeds(random -> {
            var text = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            text.append(random.nextBoolean() ? ".service" : ".timer");
            UnitName.parse(text.toString())
                    .ifPresent(name -> {
                        String at = name.value().contains("@") ? "@" : "";
                        assertThat(
                                        name.prefix()
                                                + at
                                                + name.instance()
                                                + "."
                                                + name.type().suffix())
                                .isEqualTo(name.value());
                        assertThat(name.prefix()).isNotEmpty();
                        name.template().ifPresent(t -> assertThat(t.isTemplate()).isTrue());
                    });
        });
    }

    private static String text(Random random, int pieces) {
        var text = new StringBuilder();
        for (int i = random.nextInt(pieces + 1); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private interface Trial {
        void with(Random random) throws Exception;
    }

    private static void forSeeds(Trial trial) {
        Long only = Long.getLong("seed");
        long first = only == null ? 1 : only;
        long last = only == null ? FILES : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                trial.with(new Random(seed * 0x9E3779B97F4A7C15L));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay with -Dseed=" + seed, e);
            }
        }
    }
}
