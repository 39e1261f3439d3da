package io.skerry.node.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step of the build that prepares classes for the start-up cache. */
class PrepareTest {
    private static final List<String> CLASSES =
            List.of(
                    "Specimen",
                    "Specimen$Whole",
                    "Specimen$Empty",
                    "Specimen$Shape",
                    "Specimen$Shape$Circle",
                    "Specimen$Shape$Square",
                    "Specimen$Shape$Line");

    @TempDir private Path folder = Path.of("");

    @Test
    void preparedClassesDoTheSameWithoutCodeThatTheJvmMakes() throws Exception {
        Path jar = folder.resolve("specimen.jar");
        Path made = Files.createDirectory(folder.resolve("made"));
        write(jar);

        Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Path.of("src", "dist", "Prepare.java").toString(),
                        made.toString(),
                        jar.toString())
                .timeout(Duration.ofMinutes(4))
                .check();

        var urls = new URL[] {made.resolve("specimen.jar").toUri().toURL()};
        try (var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            var prepared = loader.loadClass(Specimen.class.getName());
            assertThat(prepared).isNotEqualTo(Specimen.class);
            assertThat(prepared.getMethod("report").invoke(null)).isEqualTo(Specimen.report());
            for (String name : CLASSES) {
                assertThat(makers(loader, name))
                        .as(name)
                        .doesNotContain("SwitchBootstraps", "ObjectMethods");
            }
        }
        var own = PrepareTest.class.getClassLoader();
        assertThat(makers(own, "Specimen")).contains("SwitchBootstraps");
        assertThat(makers(own, "Specimen$Whole")).contains("ObjectMethods");
    }

    private static String file(String name) {
        return "io/skerry/node/dist/" + name + ".class";
    }

    private static byte[] bytes(ClassLoader loader, String name) throws IOException {
        try (InputStream in = loader.getResourceAsStream(file(name))) {
            assertThat(in).as(name).isNotNull();
            return in == null ? new byte[0] : in.readAllBytes();
        }
    }

    /** What makes code for the class when it is first reached. */
    private static List<String> makers(ClassLoader loader, String name) throws IOException {
        return ClassFile.of().parse(bytes(loader, name)).methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(CodeModel::elementStream)
                .filter(InvokeDynamicInstruction.class::isInstance)
                .map(element -> (InvokeDynamicInstruction) element)
                .map(call -> call.bootstrapMethod().owner().displayName())
                .distinct()
                .toList();
    }

    private static void write(Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : CLASSES) {
                out.putNextEntry(new JarEntry(file(name)));
                out.write(bytes(PrepareTest.class.getClassLoader(), name));
                out.closeEntry();
            }
        }
    }
}
