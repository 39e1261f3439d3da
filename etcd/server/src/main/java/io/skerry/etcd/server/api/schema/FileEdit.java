package io.skerry.etcd.server.api.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.List;

/** Adds fields, messages and methods to a descriptor of a proto3 file. */
final class FileEdit {
    private final FileDescriptorProto.Builder file;
    private final String prefix;

    private FileEdit(FileDescriptorProto.Builder file) {
        this.file = file;
        this.prefix = "." + file.getPackage() + ".";
    }

    static FileEdit of(FileDescriptor published) {
        return new FileEdit(published.toProto().toBuilder());
    }

    static FileEdit create(String name, String protoPackage) {
        return new FileEdit(
                FileDescriptorProto.newBuilder()
                        .setName(name)
                        .setPackage(protoPackage)
                        .setSyntax("proto3"));
    }

    FileDescriptor build(FileDescriptor... dependencies) {
        try {
            return FileDescriptor.buildFrom(file.build(), dependencies);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException("the schema contradicts itself", e);
        }
    }

    /** Adds a scalar field to a message, which is created if it is not there. */
    FileEdit field(String message, String name, int number, FieldType type) {
        message(message).addField(plain(name, number, type));
        return this;
    }

    /**
     * Adds a field whose type is a message or an enumeration; a name without dots is of this file.
     */
    FileEdit field(String message, String name, int number, FieldType type, String typeName) {
        message(message).addField(plain(name, number, type).setTypeName(full(typeName)));
        return this;
    }

    FileEdit repeated(String message, String name, int number, FieldType type, String typeName) {
        message(message)
                .addField(
                        plain(name, number, type)
                                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                                .setTypeName(full(typeName)));
        return this;
    }

    FileEdit repeated(String message, String name, int number, FieldType type) {
        message(message)
                .addField(
                        plain(name, number, type)
                                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED));
        return this;
    }

    /** Adds a field that belongs to the message's only choice ("oneof"), which is created. */
    FileEdit choice(
            String message,
            String choice,
            String name,
            int number,
            FieldType type,
            String typeName) {
        var edited = message(message);
        if (edited.getOneofDeclCount() == 0) {
            edited.addOneofDeclBuilder().setName(choice);
        }
        var field = plain(name, number, type).setOneofIndex(0);
        if (!typeName.isEmpty()) {
            field.setTypeName(full(typeName));
        }
        edited.addField(field);
        return this;
    }

    FileEdit empty(String message) {
        message(message);
        return this;
    }

    /** Adds an enumeration inside a message; values are numbered from 0. */
    FileEdit enumeration(String message, String name, List<String> values) {
        var added = EnumDescriptorProto.newBuilder().setName(name);
        for (String value : values) {
            added.addValue(
                    EnumValueDescriptorProto.newBuilder()
                            .setName(value)
                            .setNumber(added.getValueCount()));
        }
        message(message).addEnumType(added);
        return this;
    }

    /**
     * Adds a value to an enumeration that is there: one of the file, or {@code Message.Name} for
     * one inside a message.
     */
    FileEdit value(String enumeration, String name, int number) {
        int dot = enumeration.indexOf('.');
        String simple = enumeration.substring(dot + 1);
        var among =
                dot < 0
                        ? file.getEnumTypeBuilderList()
                        : message(enumeration.substring(0, dot)).getEnumTypeBuilderList();
        for (var found : among) {
            if (found.getName().equals(simple)) {
                found.addValueBuilder().setName(name).setNumber(number);
                return this;
            }
        }
        throw new IllegalStateException("the schema has no enumeration " + enumeration);
    }

    FileEdit unary(String service, String name, String request, String response) {
        return method(service, name, request, response, false, false);
    }

    FileEdit method(
            String service,
            String name,
            String request,
            String response,
            boolean requestsStream,
            boolean responsesStream) {
        service(service)
                .addMethod(
                        MethodDescriptorProto.newBuilder()
                                .setName(name)
                                .setInputType(full(request))
                                .setOutputType(full(response))
                                .setClientStreaming(requestsStream)
                                .setServerStreaming(responsesStream));
        return this;
    }

    FileEdit withoutMethod(String service, String name) {
        var methods = service(service);
        for (int i = methods.getMethodCount() - 1; i >= 0; i--) {
            if (methods.getMethod(i).getName().equals(name)) {
                methods.removeMethod(i);
            }
        }
        return this;
    }

    private String full(String name) {
        return name.startsWith(".") ? name : prefix + name;
    }

    private static FieldDescriptorProto.Builder plain(String name, int number, FieldType type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type.inDescriptor)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private DescriptorProto.Builder message(String name) {
        for (var found : file.getMessageTypeBuilderList()) {
            if (found.getName().equals(name)) {
                return found;
            }
        }
        return file.addMessageTypeBuilder().setName(name);
    }

    private ServiceDescriptorProto.Builder service(String name) {
        for (var found : file.getServiceBuilderList()) {
            if (found.getName().equals(name)) {
                return found;
            }
        }
        return file.addServiceBuilder().setName(name);
    }
}
