package io.skerry.etcd.server.bootstrap;

import com.google.protobuf.ByteString;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.KeyValue;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** A registry in a store's API of version 3, under the keys that etcd 3.6 gives it. */
final class StoreRegistry implements Registry {
    private static final String PREFIX = "/_etcd/registry/";

    private final EtcdClient client;
    private final String token;

    private StoreRegistry(EtcdClient client, String token) {
        this.client = client;
        this.token = token;
    }

    static StoreRegistry connect(EtcdEndpoints endpoints, String token) throws IOException {
        return new StoreRegistry(EtcdClient.connect(endpoints), token);
    }

    @Override
    public String token() {
        return token;
    }

    private String key(String rest) {
        return PREFIX + token + rest;
    }

    @Override
    public int size() throws IOException, InterruptedException {
        String key = key("/_config/size");
        try {
            KeyValue value =
                    client.get(key)
                            .orElseThrow(() ->
                                    new IOException(
                                            "discovery: size key not found: "
                                                    + key
                                                    + "; create it with the number of members"));
            return Registry.parseSize(value.text());
        } catch (EtcdException e) {
            throw away(e);
        }
    }

    @Override
    public void register(Entry entry) throws IOException, InterruptedException {
        try {
            var _ =
                    client.put(
                            key("/members/" + entry.id()), ByteString.copyFromUtf8(entry.urls()));
        } catch (EtcdException e) {
            throw away(e);
        }
    }

    @Override
    public List<Entry> entries() throws IOException, InterruptedException {
        try {
            return client.list(key("/members/")).entries().stream()
                    .sorted(Comparator.comparingLong(KeyValue::createRevision))
                    .map(found -> new Entry(id(found), found.text()))
                    .toList();
        } catch (EtcdException e) {
            throw away(e);
        }
    }

    private static String id(KeyValue entry) {
        return entry.key().substring(entry.key().lastIndexOf('/') + 1);
    }

    private static AwayException away(EtcdException e) {
        return new AwayException("the discovery's store cannot be asked: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        client.close();
    }
}
