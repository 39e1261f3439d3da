package io.skerry.etcd.server.api.schema;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;

/** The types of fields that the schema adds. */
enum FieldType {
    BOOL(FieldDescriptorProto.Type.TYPE_BOOL),
    INT32(FieldDescriptorProto.Type.TYPE_INT32),
    INT64(FieldDescriptorProto.Type.TYPE_INT64),
    UINT64(FieldDescriptorProto.Type.TYPE_UINT64),
    STRING(FieldDescriptorProto.Type.TYPE_STRING),
    BYTES(FieldDescriptorProto.Type.TYPE_BYTES),
    ENUM(FieldDescriptorProto.Type.TYPE_ENUM),
    MESSAGE(FieldDescriptorProto.Type.TYPE_MESSAGE);

    final FieldDescriptorProto.Type inDescriptor;

    FieldType(FieldDescriptorProto.Type inDescriptor) {
        this.inDescriptor = inDescriptor;
    }
}
