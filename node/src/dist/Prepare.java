import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars and does for their classes what the JVM's start-up cache cannot keep, so that it is
 * not done at every start:
 *
 * <ul>
 *   <li>Class files from before Java 6 get the present version and stack maps; the code stays as it
 *       is. The cache takes no class that has to be verified the old way, and picocli's, the first
 *       ones that every command needs, are compiled for Java 5: that is half of the time of a short
 *       command.
 *   <li>Code that the JVM would make at first use becomes methods ({@link PlainCode}).
 * </ul>
 *
 * <p>Run by {@code assemble} as {@code java -cp LIBRARIES Prepare.java FOLDER JAR...}; the class
 * path is where the hierarchy of types is looked up.
 */
class Prepare {
    private static final int FIRST_WITH_STACK_MAPS = 50;

    public static void main(String[] args) throws IOException {
        var folder = Path.of(args[0]);
        for (int i = 1; i < args.length; i++) {
            var jar = Path.of(args[i]);
            copy(jar, folder.resolve(jar.getFileName()));
        }
    }

    private static void copy(Path jar, Path made) throws IOException {
        try (var from = new ZipFile(jar.toFile());
                var to = new ZipOutputStream(Files.newOutputStream(made))) {
            for (var entries = from.entries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                byte[] bytes;
                try (var in = from.getInputStream(entry)) {
                    bytes = in.readAllBytes();
                }
                var copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                to.putNextEntry(copy);
                to.write(entry.getName().endsWith(".class") ? prepared(bytes) : bytes);
                to.closeEntry();
            }
        }
    }

    private static byte[] prepared(byte[] bytes) {
        var model = ClassFile.of().parse(bytes);
        return model.majorVersion() < FIRST_WITH_STACK_MAPS
                ? modern(bytes)
                : PlainCode.of(model, bytes);
    }

    private static byte[] modern(byte[] bytes) {
        // With a constant pool of its own no method is copied as it lies there, without stack maps.
        var tool =
                ClassFile.of(
                        StackMapsOption.GENERATE_STACK_MAPS, ConstantPoolSharingOption.NEW_POOL);
        return tool.transformClass(
                tool.parse(bytes),
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen(
                                ClassTransform.endHandler(builder ->
                                        builder.withVersion(ClassFile.latestMajorVersion(), 0))));
    }
}
