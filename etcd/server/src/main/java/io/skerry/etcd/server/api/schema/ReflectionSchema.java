package io.skerry.etcd.server.api.schema;

import com.google.protobuf.Descriptors.FileDescriptor;

/** gRPC's server reflection protocol, the same messages in its two packages. */
public final class ReflectionSchema {
    /** {@code grpc.reflection.v1}. */
    public static final FileDescriptor V1 = file("v1");

    /** {@code grpc.reflection.v1alpha}, which older clients ask for. */
    public static final FileDescriptor V1_ALPHA = file("v1alpha");

    private ReflectionSchema() {}

    private static FileDescriptor file(String version) {
        String request = "ServerReflectionRequest";
        String asked = "message_request";
        String response = "ServerReflectionResponse";
        String answer = "message_response";
        return FileEdit.create(
                        "grpc/reflection/" + version + "/reflection.proto",
                        "grpc.reflection." + version)
                .field("ExtensionRequest", "containing_type", 1, FieldType.STRING)
                .field("ExtensionRequest", "extension_number", 2, FieldType.INT32)
                .field(request, "host", 1, FieldType.STRING)
                .choice(request, asked, "file_by_filename", 3, FieldType.STRING, "")
                .choice(request, asked, "file_containing_symbol", 4, FieldType.STRING, "")
                .choice(
                        request,
                        asked,
                        "file_containing_extension",
                        5,
                        FieldType.MESSAGE,
                        "ExtensionRequest")
                .choice(request, asked, "all_extension_numbers_of_type", 6, FieldType.STRING, "")
                .choice(request, asked, "list_services", 7, FieldType.STRING, "")
                .repeated("FileDescriptorResponse", "file_descriptor_proto", 1, FieldType.BYTES)
                .field("ExtensionNumberResponse", "base_type_name", 1, FieldType.STRING)
                .repeated("ExtensionNumberResponse", "extension_number", 2, FieldType.INT32)
                .field("ServiceResponse", "name", 1, FieldType.STRING)
                .repeated("ListServiceResponse", "service", 1, FieldType.MESSAGE, "ServiceResponse")
                .field("ErrorResponse", "error_code", 1, FieldType.INT32)
                .field("ErrorResponse", "error_message", 2, FieldType.STRING)
                .field(response, "valid_host", 1, FieldType.STRING)
                .field(response, "original_request", 2, FieldType.MESSAGE, request)
                .choice(
                        response,
                        answer,
                        "file_descriptor_response",
                        4,
                        FieldType.MESSAGE,
                        "FileDescriptorResponse")
                .choice(
                        response,
                        answer,
                        "all_extension_numbers_response",
                        5,
                        FieldType.MESSAGE,
                        "ExtensionNumberResponse")
                .choice(
                        response,
                        answer,
                        "list_services_response",
                        6,
                        FieldType.MESSAGE,
                        "ListServiceResponse")
                .choice(response, answer, "error_response", 7, FieldType.MESSAGE, "ErrorResponse")
                .method("ServerReflection", "ServerReflectionInfo", request, response, true, true)
                .build();
    }
}
