package io.skerry.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class DependencyTest {
    /** A module's package, and the modules that it may know. Whoever is not listed is unknown. */
    private static final Map<String, List<String>> MAY_KNOW =
            Map.ofEntries(
                    Map.entry("base", List.of()),
                    Map.entry("etcd.client", List.of("base")),
                    Map.entry("etcd.server", List.of("base", "etcd.client")),
                    Map.entry("etcd.ctl", List.of("base", "etcd.client")),
                    Map.entry("systemd", List.of("base")),
                    Map.entry("containers", List.of("base", "systemd")),
                    Map.entry("fleet", List.of("base", "etcd.client", "systemd")),
                    Map.entry("flannel", List.of("base", "etcd.client")),
                    Map.entry("testbed", List.of("base")),
                    Map.entry(
                            "bench",
                            List.of(
                                    "base",
                                    "etcd.client",
                                    "etcd.server",
                                    "systemd",
                                    "fleet",
                                    "flannel")),
                    Map.entry("chaos", List.of("base", "etcd.client")),
                    Map.entry(
                            "node",
                            List.of(
                                    "base",
                                    "etcd.client",
                                    "etcd.server",
                                    "etcd.ctl",
                                    "systemd",
                                    "containers",
                                    "fleet",
                                    "flannel",
                                    "testbed",
                                    "bench",
                                    "chaos")));

    private static final List<String> MODULES = List.copyOf(new TreeSet<>(MAY_KNOW.keySet()));

    @ParameterizedTest
    @FieldSource("MODULES")
    void moduleKnowsOnlyThoseBelowIt(String module) {
        var allowed = new ArrayList<String>();
        allowed.add(packagesOf(module));
        for (var other : MAY_KNOW.getOrDefault(module, List.of())) {
            allowed.add(packagesOf(other));
        }

        classes()
                .that(resideInAPackage(packagesOf(module)))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(allowed.toArray(String[]::new))
                                .or(not(resideInAPackage("io.skerry.."))))
                .check(Program.CLASSES);
    }

    @Test
    void everyPackageBelongsToAModuleOfTheTable() {
        assertThat(Program.CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .allMatch(name ->
                        MODULES.stream()
                                .map(module -> "io.skerry." + module)
                                .anyMatch(module ->
                                        name.equals(module) || name.startsWith(module + ".")));
    }

    @Test
    void packagesDependOnEachOtherInOneDirectionOnly() {
        slices().matching("io.skerry.(**)").should().beFreeOfCycles().check(Program.CLASSES);
    }

    private static String packagesOf(String module) {
        return "io.skerry." + module + "..";
    }
}
