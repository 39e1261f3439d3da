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
 * Copies a jar and gives class files from before Java 6 the present version and stack maps; the code stays as it is.
 * The JVM's start-up cache takes no class that has to be verified the old way, and picocli's, the first ones that
 * every command needs, are compiled for Java 5: that is half of the time of a short command.
 *
 * <p>Run by {@code assemble} as {@code java -cp LIBRARIES Modernize.java FROM TO}; the class path is where the
 * hierarchy of types is looked up.
 */
class Modernize {
    private static final int FIRST_WITH_STACK_MAPS = 50;

    public static void main(String[] args) throws IOException {
        try (var from = new ZipFile(args[0]);
                var to = new ZipOutputStream(Files.newOutputStream(Path.of(args[1])))) {
            for (var entries = from.entries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                byte[] bytes;
                try (var in = from.getInputStream(entry)) {
                    bytes = in.readAllBytes();
                }
                var copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                to.putNextEntry(copy);
                to.write(entry.getName().endsWith(".class") ? modern(bytes) : bytes);
                to.closeEntry();
            }
        }
    }

    private static byte[] modern(byte[] bytes) {
        // With a constant pool of its own no method is copied as it lies there, without stack maps.
        var tool = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ConstantPoolSharingOption.NEW_POOL);
        var model = tool.parse(bytes);
        if (model.majorVersion() >= FIRST_WITH_STACK_MAPS) {
            return bytes;
        }
        return tool.transformClass(
                model,
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen(
                                ClassTransform.endHandler(
                                        builder -> builder.withVersion(ClassFile.latestMajorVersion(), 0))));
    }
}
