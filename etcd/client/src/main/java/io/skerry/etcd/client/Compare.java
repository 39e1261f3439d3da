package io.skerry.etcd.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;

/** A condition of a transaction on one key. A key that does not exist has all numbers 0. */
public sealed interface Compare {
    String key();

    Relation relation();

    /** How the key's number or value must stand to the given one. */
    enum Relation {
        EQUAL,
        GREATER,
        LESS,
        NOT_EQUAL
    }

    record ModRevision(String key, Relation relation, long revision) implements Compare {}

    record CreateRevision(String key, Relation relation, long revision) implements Compare {}

    record Version(String key, Relation relation, long version) implements Compare {}

    record Value(String key, Relation relation, ByteString value) implements Compare {}

    record Lease(String key, Relation relation, LeaseId lease) implements Compare {}

    static Compare modRevision(String key, Relation relation, long revision) {
        return new ModRevision(key, relation, revision);
    }

    static Compare createRevision(String key, Relation relation, long revision) {
        return new CreateRevision(key, relation, revision);
    }

    static Compare version(String key, Relation relation, long version) {
        return new Version(key, relation, version);
    }

    static Compare value(String key, Relation relation, ByteString value) {
        return new Value(key, relation, value);
    }

    static Compare lease(String key, Relation relation, LeaseId lease) {
        return new Lease(key, relation, lease);
    }

    /** The key must not exist. */
    static Compare absent(String key) {
        return createRevision(key, Relation.EQUAL, 0);
    }

    /** The key must be as it was read. */
    static Compare unchanged(KeyValue read) {
        return modRevision(read.key(), Relation.EQUAL, read.modRevision());
    }

    /** Whether making the write a second time makes this condition fail. */
    private boolean failsOnceWritten() {
        return relation() == Relation.EQUAL
                && (this instanceof ModRevision
                        || this instanceof Version
                        || (this instanceof CreateRevision created && created.revision() == 0));
    }

    /** Whether a write of this key can be repeated without being made twice. */
    default boolean guards(String written) {
        return key().equals(written) && failsOnceWritten();
    }

    /** The encoded condition. */
    default io.etcd.jetcd.api.Compare toProto() {
        var proto = io.etcd.jetcd.api.Compare.newBuilder().setKey(Keys.of(key()));
        proto.setResult(
                switch (relation()) {
                    case EQUAL -> io.etcd.jetcd.api.Compare.CompareResult.EQUAL;
                    case GREATER -> io.etcd.jetcd.api.Compare.CompareResult.GREATER;
                    case LESS -> io.etcd.jetcd.api.Compare.CompareResult.LESS;
                    case NOT_EQUAL -> io.etcd.jetcd.api.Compare.CompareResult.NOT_EQUAL;
                });
        switch (this) {
            case ModRevision(String _, Relation _, long revision) ->
                    proto.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.MOD)
                            .setModRevision(revision);
            case CreateRevision(String _, Relation _, long revision) ->
                    proto.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.CREATE)
                            .setCreateRevision(revision);
            case Version(String _, Relation _, long version) ->
                    proto.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.VERSION)
                            .setVersion(version);
            case Value(String _, Relation _, ByteString value) ->
                    proto.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.VALUE).setValue(value);
            case Lease(String _, Relation _, LeaseId lease) ->
                    // The published classes lack this target (4) and its field (8).
                    proto.setTargetValue(4)
                            .setUnknownFields(
                                    UnknownFieldSet.newBuilder()
                                            .addField(
                                                    8,
                                                    UnknownFieldSet.Field.newBuilder()
                                                            .addVarint(lease.value())
                                                            .build())
                                            .build());
        }
        return proto.build();
    }
}
