package io.skerry.etcd.ctl.format;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.ResponseHeader;
import io.skerry.etcd.ctl.text.ByteText;
import io.skerry.etcd.ctl.text.Quoting;

/** Builds the fields format: {@code "Name" : value} lines. */
public final class Fields {
    private final StringBuilder text = new StringBuilder();

    public Fields header(ResponseHeader header) {
        return unsigned("ClusterID", header.getClusterId())
                .unsigned("MemberID", header.getMemberId())
                .plain("Revision", header.getRevision())
                .unsigned("RaftTerm", header.getRaftTerm());
    }

    public Fields keyValue(String prefix, KeyValue keyValue) {
        return quoted(prefix + "Key", keyValue.getKey())
                .plain(prefix + "CreateRevision", keyValue.getCreateRevision())
                .plain(prefix + "ModRevision", keyValue.getModRevision())
                .plain(prefix + "Version", keyValue.getVersion())
                .quoted(prefix + "Value", keyValue.getValue())
                .plain(prefix + "Lease", keyValue.getLease());
    }

    public Fields plain(String name, Object value) {
        text.append('"').append(name).append("\" : ").append(value).append('\n');
        return this;
    }

    public Fields unsigned(String name, long value) {
        return plain(name, Long.toUnsignedString(value));
    }

    public Fields quoted(String name, ByteString value) {
        return plain(name, Quoting.quote(ByteText.of(value)));
    }

    public Fields quoted(String name, String value) {
        return plain(name, Quoting.quote(ByteText.ofText(value)));
    }

    public Fields blank() {
        text.append('\n');
        return this;
    }

    /** Lines as they are. */
    public Fields all(String lines) {
        text.append(lines);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
