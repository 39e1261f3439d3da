package io.skerry.etcd.server.api.introspection;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.server.api.schema.EtcdSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The service {@code ServerReflection} in both of its versions, so that tools like grpcurl know the
 * methods and messages without files of their own.
 */
final class ReflectionService {
    private static final List<String> SERVICES =
            List.of(
                    "grpc.reflection.v1.ServerReflection",
                    "grpc.reflection.v1alpha.ServerReflection");

    // Fields of ServerReflectionRequest and, by their names, of the response.
    private static final int HOST = 1;
    private static final int FILE_BY_FILENAME = 3;
    private static final int FILE_CONTAINING_SYMBOL = 4;
    private static final int FILE_CONTAINING_EXTENSION = 5;
    private static final int ALL_EXTENSION_NUMBERS_OF_TYPE = 6;
    private static final int LIST_SERVICES = 7;
    private static final int VALID_HOST = 1;
    private static final int ORIGINAL_REQUEST = 2;
    private static final int FILE_DESCRIPTOR_RESPONSE = 4;
    private static final int ALL_EXTENSION_NUMBERS_RESPONSE = 5;
    private static final int LIST_SERVICES_RESPONSE = 6;
    private static final int ERROR_RESPONSE = 7;

    private ReflectionService() {}

    static void register(GrpcRouter router) {
        for (String service : SERVICES) {
            router.stream(
                    Introspection.method(service, "ServerReflectionInfo"),
                    (_, out) -> new Questions(out));
        }
    }

    private record Questions(GrpcOutbound out) implements GrpcInbound<UnknownFieldSet> {
        @Override
        public void message(UnknownFieldSet request) {
            var response = UnknownFieldSet.newBuilder();
            String host = Introspection.text(request, HOST);
            if (host != null) {
                response.addField(VALID_HOST, bytes(ByteString.copyFromUtf8(host)));
            }
            response.addField(ORIGINAL_REQUEST, bytes(request.toByteString()));
            answer(request, response);
            out.send(response.build().toByteString());
        }

        @Override
        public void halfClosed() {
            out.complete();
        }

        @Override
        public void closed(@Nullable GrpcException reason) {}
    }

    private static void answer(UnknownFieldSet request, UnknownFieldSet.Builder response) {
        String file = Introspection.text(request, FILE_BY_FILENAME);
        String symbol = Introspection.text(request, FILE_CONTAINING_SYMBOL);
        String type = Introspection.text(request, ALL_EXTENSION_NUMBERS_OF_TYPE);
        if (file != null) {
            files(file, byName(file), response);
        } else if (symbol != null) {
            files(symbol, bySymbol(symbol), response);
        } else if (type != null && bySymbol(type) != null) {
            // Messages of proto3 have no extensions.
            response.addField(ALL_EXTENSION_NUMBERS_RESPONSE, message(text(1, type)));
        } else if (request.hasField(LIST_SERVICES)) {
            response.addField(LIST_SERVICES_RESPONSE, message(serviceNames()));
        } else if (type != null || request.hasField(FILE_CONTAINING_EXTENSION)) {
            error(GrpcCode.NOT_FOUND, "there are no such extensions", response);
        } else {
            error(GrpcCode.INVALID_ARGUMENT, "the request asks nothing", response);
        }
    }

    private static void files(
            String asked, @Nullable FileDescriptor found, UnknownFieldSet.Builder response) {
        if (found == null) {
            error(GrpcCode.NOT_FOUND, "not found: " + asked, response);
            return;
        }
        Set<FileDescriptor> all = new LinkedHashSet<>();
        collect(found, all);
        var descriptors = Field.newBuilder();
        all.forEach(file -> descriptors.addLengthDelimited(file.toProto().toByteString()));
        response.addField(
                FILE_DESCRIPTOR_RESPONSE,
                message(UnknownFieldSet.newBuilder().addField(1, descriptors.build()).build()));
    }

    private static void collect(FileDescriptor file, Set<FileDescriptor> all) {
        if (all.add(file)) {
            file.getDependencies().forEach(needed -> collect(needed, all));
        }
    }

    private static @Nullable FileDescriptor byName(String name) {
        return EtcdSchema.files().stream()
                .filter(file -> file.getFullName().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The file with this service, method, message (also a nested one), field or enumeration. */
    private static @Nullable FileDescriptor bySymbol(String symbol) {
        return EtcdSchema.files().stream()
                .filter(file ->
                        !file.getPackage().isEmpty()
                                && symbol.startsWith(file.getPackage() + ".")
                                && contains(file, symbol.substring(file.getPackage().length() + 1)))
                .findFirst()
                .orElse(null);
    }

    private static boolean contains(FileDescriptor file, String name) {
        int dot = name.indexOf('.');
        String outer = dot < 0 ? name : name.substring(0, dot);
        String inner = dot < 0 ? "" : name.substring(dot + 1);
        var service = file.findServiceByName(outer);
        if (service != null) {
            return inner.isEmpty() || service.findMethodByName(inner) != null;
        }
        if (file.findEnumTypeByName(outer) != null) {
            return inner.isEmpty();
        }
        var message = file.findMessageTypeByName(outer);
        return message != null
                && (inner.isEmpty()
                        || message.findFieldByName(inner) != null
                        || message.findNestedTypeByName(inner) != null
                        || message.findEnumTypeByName(inner) != null);
    }

    private static UnknownFieldSet serviceNames() {
        var names = new ArrayList<String>();
        EtcdSchema.files()
                .forEach(file -> file.getServices().forEach(s -> names.add(s.getFullName())));
        var list = Field.newBuilder();
        names.stream()
                .sorted()
                .forEach(name -> list.addLengthDelimited(text(1, name).toByteString()));
        return UnknownFieldSet.newBuilder().addField(1, list.build()).build();
    }

    private static void error(GrpcCode code, String why, UnknownFieldSet.Builder response) {
        response.addField(
                ERROR_RESPONSE,
                message(
                        text(2, why).toBuilder()
                                .addField(1, Field.newBuilder().addVarint(code.number()).build())
                                .build()));
    }

    private static UnknownFieldSet text(int field, String value) {
        return UnknownFieldSet.newBuilder()
                .addField(field, bytes(ByteString.copyFromUtf8(value)))
                .build();
    }

    private static Field bytes(ByteString value) {
        return Field.newBuilder().addLengthDelimited(value).build();
    }

    private static Field message(UnknownFieldSet value) {
        return bytes(value.toByteString());
    }
}
