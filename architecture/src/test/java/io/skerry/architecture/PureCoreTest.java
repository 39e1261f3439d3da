package io.skerry.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Decisions are pure: the same view gives the same actions, today and when replayed from a seed.
 */
class PureCoreTest {
    static final List<String> CORES =
            List.of(
                    "io.skerry.fleet.engine",
                    "io.skerry.fleet.model",
                    "io.skerry.flannel.address",
                    "io.skerry.flannel.config",
                    "io.skerry.flannel.filter",
                    "io.skerry.flannel.packet",
                    "io.skerry.flannel.plan",
                    "io.skerry.flannel.policy",
                    "io.skerry.systemd.unit");

    private static final List<String> OUTSIDE_PACKAGES =
            List.of("java.io", "java.nio.file", "java.nio.channels", "java.net", "java.sql");

    private static final Set<String> RANDOM =
            Set.of(
                    "java.util.Random",
                    "java.util.SplittableRandom",
                    "java.util.concurrent.ThreadLocalRandom",
                    "java.security.SecureRandom");

    private static final Set<String> CLOCKS =
            Set.of(
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.nanoTime",
                    "java.lang.Math.random",
                    "java.util.UUID.randomUUID",
                    "java.time.Instant.now",
                    "java.time.LocalDateTime.now",
                    "java.time.ZonedDateTime.now",
                    "java.time.Clock.systemUTC",
                    "java.time.Clock.systemDefaultZone");

    private static final DescribedPredicate<JavaClass> THE_OUTSIDE =
            describe(
                    "reach files, sockets or randomness",
                    type ->
                            (OUTSIDE_PACKAGES.contains(type.getPackageName())
                                            && !type.isEquivalentTo(Serializable.class))
                                    || RANDOM.contains(type.getName()));

    private static final DescribedPredicate<JavaAccess<?>> A_CLOCK =
            describe(
                    "a clock or randomness",
                    access ->
                            CLOCKS.contains(
                                    access.getTargetOwner().getName() + "." + access.getName()));

    @ParameterizedTest
    @FieldSource("CORES")
    void coreReachesNoFilesSocketsOrRandomness(String core) {
        noClasses()
                .that(resideInAPackage(core + ".."))
                .should()
                .dependOnClassesThat(THE_OUTSIDE)
                .allowEmptyShould(true)
                .check(Program.CLASSES);
    }

    @ParameterizedTest
    @FieldSource("CORES")
    void coreReadsNoClock(String core) {
        noClasses()
                .that(resideInAPackage(core + ".."))
                .should()
                .accessTargetWhere(A_CLOCK)
                .allowEmptyShould(true)
                .check(Program.CLASSES);
    }
}
