package io.skerry.etcd.client;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.PutResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.grpc.GrpcRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The least store that etcdctl's put, get and watch work with; keys only, no ranges. */
final class FakeStore {
    // All guarded by this.
    private final Map<String, KeyValue> keys = new TreeMap<>();
    private final List<GrpcOutbound> watchers = new ArrayList<>();
    private long revision = 1;

    GrpcRouter router() {
        return new GrpcRouter()
                        .unary(EtcdMethods.PUT, (request, context) -> put(request))
                        .unary(EtcdMethods.RANGE, (request, context) -> range(request))
                        .stream(EtcdMethods.WATCH, (context, out) -> new Watcher(out));
    }

    private ResponseHeader header() {
        return ResponseHeader.newBuilder()
                .setClusterId(1)
                .setMemberId(1)
                .setRevision(revision)
                .build();
    }

    private synchronized CompletionStage<ByteString> put(PutRequest request) {
        revision++;
        KeyValue old = keys.get(request.getKey().toStringUtf8());
        KeyValue now =
                KeyValue.newBuilder()
                        .setKey(request.getKey())
                        .setValue(request.getValue())
                        .setCreateRevision(old == null ? revision : old.getCreateRevision())
                        .setModRevision(revision)
                        .setVersion(old == null ? 1 : old.getVersion() + 1)
                        .build();
        keys.put(request.getKey().toStringUtf8(), now);
        ByteString event =
                WatchResponse.newBuilder()
                        .setHeader(header())
                        .addEvents(Event.newBuilder().setKv(now))
                        .build()
                        .toByteString();
        watchers.forEach(watcher -> watcher.send(event));
        return CompletableFuture.completedFuture(
                PutResponse.newBuilder().setHeader(header()).build().toByteString());
    }

    private synchronized CompletionStage<ByteString> range(RangeRequest request) {
        var response = RangeResponse.newBuilder().setHeader(header());
        KeyValue found = keys.get(request.getKey().toStringUtf8());
        if (found != null) {
            response.addKvs(found).setCount(1);
        }
        return CompletableFuture.completedFuture(response.build().toByteString());
    }

    private synchronized void add(GrpcOutbound watcher) {
        watchers.add(watcher);
        watcher.send(
                WatchResponse.newBuilder()
                        .setHeader(header())
                        .setCreated(true)
                        .build()
                        .toByteString());
    }

    private synchronized void remove(GrpcOutbound watcher) {
        watchers.remove(watcher);
    }

    private final class Watcher implements GrpcInbound<WatchRequest> {
        private final GrpcOutbound out;

        Watcher(GrpcOutbound out) {
            this.out = out;
        }

        @Override
        public void message(WatchRequest message) {
            if (message.hasCreateRequest()) {
                add(out);
            }
        }

        @Override
        public void halfClosed() {
            out.complete();
        }

        @Override
        public void closed(@Nullable GrpcException reason) {
            remove(out);
        }
    }
}
