package io.skerry.etcd.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.ResponseHeader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The response of {@link EtcdMethods#LEASE_LEASES}: field 1 is the header, field 2 repeats a
 * message whose field 1 is the lease's id.
 */
public record LeaseList(ResponseHeader header, List<Long> ids) {
    private static final int HEADER = 1;
    private static final int LEASES = 2;
    private static final int ID = 1;

    public LeaseList {
        ids = List.copyOf(ids);
    }

    /** The encoded response. */
    public static ByteString encode(ResponseHeader header, Collection<Long> ids) {
        var leases = UnknownFieldSet.Field.newBuilder();
        for (long id : ids) {
            var idField = UnknownFieldSet.Field.newBuilder().addVarint(id).build();
            leases.addLengthDelimited(
                    UnknownFieldSet.newBuilder().addField(ID, idField).build().toByteString());
        }
        var headerField =
                UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(header.toByteString())
                        .build();
        return UnknownFieldSet.newBuilder()
                .addField(HEADER, headerField)
                .addField(LEASES, leases.build())
                .build()
                .toByteString();
    }

    public static LeaseList decode(UnknownFieldSet message) throws InvalidProtocolBufferException {
        var header = ResponseHeader.newBuilder();
        for (ByteString part : message.getField(HEADER).getLengthDelimitedList()) {
            header.mergeFrom(part);
        }
        var ids = new ArrayList<Long>();
        for (ByteString lease : message.getField(LEASES).getLengthDelimitedList()) {
            ids.addAll(UnknownFieldSet.parseFrom(lease).getField(ID).getVarintList());
        }
        return new LeaseList(header.build(), ids);
    }
}
