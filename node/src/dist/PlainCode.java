import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Switches over types, and records' {@code equals}, {@code hashCode} and {@code toString}, as
 * methods of their class. The compiler leaves their code to the JVM, which makes it of method
 * handles when it is first reached. Its start-up cache keeps what it makes for lambdas and
 * concatenations, but nothing of these, and they are the larger part of what is made while a server
 * starts. Their meaning is defined in {@code java.lang.runtime}.
 */
final class PlainCode {
    private static final ClassDesc SWITCHES = ClassDesc.of("java.lang.runtime.SwitchBootstraps");
    private static final ClassDesc RECORDS = ClassDesc.of("java.lang.runtime.ObjectMethods");
    private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");
    private static final ClassDesc TEXT = ClassDesc.of("java.lang.StringBuilder");
    private static final int FLAGS =
            ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;
    private static final int HASH_FACTOR = 31;

    /** A method that is called where the JVM would have made one. */
    private record Made(String name, MethodTypeDesc type, Consumer<CodeBuilder> body) {}

    /** A record's part. */
    private record Component(String name, ClassDesc type) {}

    private PlainCode() {}

    /** The class with such methods, or as it was if it needs none. */
    static byte[] of(ClassModel model, byte[] bytes) {
        Map<Integer, Made> made = new TreeMap<>();
        for (var method : model.methods()) {
            method.code().ifPresent(code -> collect(code, made));
        }
        if (made.isEmpty()) {
            return bytes;
        }
        var owner = model.thisClass().asSymbol();
        boolean isInterface = model.flags().has(AccessFlag.INTERFACE);
        return ClassFile.of()
                .transformClass(
                        model,
                        ClassTransform.transformingMethodBodies(
                                        method ->
                                                method.code()
                                                        .filter(code -> calls(code, made))
                                                        .isPresent(),
                                        (builder, element) -> {
                                            var known =
                                                    element instanceof InvokeDynamicInstruction call
                                                            ? made.get(call.invokedynamic().index())
                                                            : null;
                                            if (known == null) {
                                                builder.with(element);
                                            } else {
                                                builder.invokestatic(
                                                        owner,
                                                        known.name(),
                                                        known.type(),
                                                        isInterface);
                                            }
                                        })
                                .andThen(
                                        ClassTransform.endHandler(builder ->
                                                made.values()
                                                        .forEach(one ->
                                                                builder.withMethodBody(
                                                                        one.name(),
                                                                        one.type(),
                                                                        FLAGS,
                                                                        one.body())))));
    }

    private static boolean calls(CodeModel code, Map<Integer, Made> made) {
        return code.elementStream()
                .anyMatch(element ->
                        element instanceof InvokeDynamicInstruction call
                                && made.containsKey(call.invokedynamic().index()));
    }

    private static void collect(CodeModel code, Map<Integer, Made> made) {
        for (var element : code) {
            if (element instanceof InvokeDynamicInstruction call) {
                Consumer<CodeBuilder> body = body(call);
                if (body != null) {
                    // By the constant's number, which two calls of the same share.
                    int number = call.invokedynamic().index();
                    made.put(number, new Made("plain$" + number, call.typeSymbol(), body));
                }
            }
        }
    }

    /** Null for what stays as it is. */
    private static Consumer<CodeBuilder> body(InvokeDynamicInstruction call) {
        var bootstrap = call.bootstrapMethod();
        var type = call.typeSymbol();
        if (bootstrap.owner().equals(SWITCHES) && bootstrap.methodName().equals("typeSwitch")) {
            boolean plain =
                    !type.parameterType(0).isPrimitive()
                            && call.bootstrapArgs().stream().allMatch(PlainCode::isType);
            return plain ? code -> typeSwitch(code, call.bootstrapArgs()) : null;
        }
        if (bootstrap.owner().equals(RECORDS)) {
            var owner = type.parameterType(0);
            var components = components(call.bootstrapArgs());
            return switch (call.name().stringValue()) {
                case "equals" -> code -> equalsOf(code, owner, components);
                case "hashCode" -> code -> hashCodeOf(code, owner, components);
                case "toString" -> code -> toStringOf(code, owner, components);
                default -> null;
            };
        }
        return null;
    }

    private static boolean isType(ConstantDesc label) {
        return label instanceof ClassDesc type && !type.isPrimitive();
    }

    /**
     * (target, first label to look at): the number of the label that fits, or how many there are;
     * -1 for null.
     */
    private static void typeSwitch(CodeBuilder code, List<ConstantDesc> labels) {
        var there = code.newLabel();
        code.aload(0).ifnonnull(there).iconst_m1().ireturn().labelBinding(there);
        for (int i = 0; i < labels.size(); i++) {
            var next = code.newLabel();
            code.iload(1).loadConstant(i).if_icmpgt(next);
            code.aload(0).instanceOf((ClassDesc) labels.get(i)).ifeq(next);
            code.loadConstant(i).ireturn().labelBinding(next);
        }
        code.loadConstant(labels.size()).ireturn();
    }

    /** The arguments are the record, the components' names, and a getter of each. */
    private static List<Component> components(List<ConstantDesc> arguments) {
        return arguments.stream()
                .skip(2)
                .map(argument -> (DirectMethodHandleDesc) argument)
                .map(getter ->
                        new Component(getter.methodName(), getter.invocationType().returnType()))
                .toList();
    }

    private static void equalsOf(CodeBuilder code, ClassDesc owner, List<Component> components) {
        var other = code.newLabel();
        var differs = code.newLabel();
        code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn().labelBinding(other);
        code.aload(1).instanceOf(owner).ifeq(differs);
        code.aload(1).checkcast(owner).astore(2);
        for (var component : components) {
            code.aload(0).getfield(owner, component.name(), component.type());
            code.aload(2).getfield(owner, component.name(), component.type());
            switch (component.type().descriptorString()) {
                case "Z", "B", "C", "S", "I" -> code.if_icmpne(differs);
                case "J" -> code.lcmp().ifne(differs);
                case "F", "D" -> {
                    var type = component.type();
                    code.invokestatic(
                            boxOf(type),
                            "compare",
                            MethodTypeDesc.of(ConstantDescs.CD_int, type, type));
                    code.ifne(differs);
                }
                default -> {
                    var object = ConstantDescs.CD_Object;
                    code.invokestatic(
                            OBJECTS,
                            "equals",
                            MethodTypeDesc.of(ConstantDescs.CD_boolean, object, object));
                    code.ifeq(differs);
                }
            }
        }
        code.iconst_1().ireturn().labelBinding(differs).iconst_0().ireturn();
    }

    private static void hashCodeOf(CodeBuilder code, ClassDesc owner, List<Component> components) {
        code.iconst_0();
        for (var component : components) {
            var type = component.type().isPrimitive() ? component.type() : ConstantDescs.CD_Object;
            code.loadConstant(HASH_FACTOR).imul();
            code.aload(0).getfield(owner, component.name(), component.type());
            code.invokestatic(
                    component.type().isPrimitive() ? boxOf(type) : OBJECTS,
                    "hashCode",
                    MethodTypeDesc.of(ConstantDescs.CD_int, type));
            code.iadd();
        }
        code.ireturn();
    }

    private static void toStringOf(CodeBuilder code, ClassDesc owner, List<Component> components) {
        code.new_(TEXT).dup().invokespecial(TEXT, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
        code.loadConstant(owner);
        code.invokevirtual(
                ConstantDescs.CD_Class,
                "getSimpleName",
                MethodTypeDesc.of(ConstantDescs.CD_String));
        append(code, ConstantDescs.CD_String);
        String before = "[";
        for (var component : components) {
            code.loadConstant(before + component.name() + "=");
            append(code, ConstantDescs.CD_String);
            code.aload(0).getfield(owner, component.name(), component.type());
            append(code, component.type());
            before = ", ";
        }
        code.loadConstant(components.isEmpty() ? "[]" : "]");
        append(code, ConstantDescs.CD_String);
        code.invokevirtual(TEXT, "toString", MethodTypeDesc.of(ConstantDescs.CD_String)).areturn();
    }

    private static void append(CodeBuilder code, ClassDesc type) {
        var taken =
                switch (type.descriptorString()) {
                    case "B", "S" -> ConstantDescs.CD_int;
                    case "Z", "C", "I", "J", "F", "D", "Ljava/lang/String;" -> type;
                    default -> ConstantDescs.CD_Object; // which is not append(char[])
                };
        code.invokevirtual(TEXT, "append", MethodTypeDesc.of(TEXT, taken));
    }

    private static ClassDesc boxOf(ClassDesc primitive) {
        return switch (primitive.descriptorString()) {
            case "Z" -> ConstantDescs.CD_Boolean;
            case "B" -> ConstantDescs.CD_Byte;
            case "C" -> ConstantDescs.CD_Character;
            case "S" -> ConstantDescs.CD_Short;
            case "I" -> ConstantDescs.CD_Integer;
            case "J" -> ConstantDescs.CD_Long;
            case "F" -> ConstantDescs.CD_Float;
            case "D" -> ConstantDescs.CD_Double;
            default -> throw new IllegalArgumentException(primitive + " is no primitive type");
        };
    }
}
