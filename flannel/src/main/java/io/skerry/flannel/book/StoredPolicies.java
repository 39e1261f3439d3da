package io.skerry.flannel.book;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.PolicyFault;
import io.skerry.flannel.policy.PolicyJson;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.SubnetKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The policies as commands read and write them. */
public final class StoredPolicies {
    private final EtcdClient client;
    private final SubnetKeys keys;

    public StoredPolicies(EtcdClient client, SubnetKeys keys) {
        this.client = client;
        this.keys = keys;
    }

    /** What a policy was before it was set. */
    public enum Before {
        ABSENT,
        DIFFERENT,
        THE_SAME
    }

    /** All documents by name, whether they can be read or not. */
    public SortedMap<String, String> documents() throws EtcdException, InterruptedException {
        var documents = new TreeMap<String, String>();
        for (KeyValue entry : client.list(keys.policies()).entries()) {
            documents.put(entry.key().substring(keys.policies().length()), entry.text());
        }
        return documents;
    }

    /** One document. */
    public Optional<String> document(String name) throws EtcdException, InterruptedException {
        return client.get(keys.policies() + name).map(KeyValue::text);
    }

    /** Puts a document under the name that it has, if it can be one. */
    public Before set(JsonNode document) throws PolicyFault, EtcdException, InterruptedException {
        String name = PolicyJson.parse(document).name();
        String key = keys.policies() + name;
        String text = document.toString();
        Optional<String> before = document(name);
        if (before.isPresent() && before.get().equals(text)) {
            return Before.THE_SAME;
        }
        client.put(key, ByteString.copyFromUtf8(text));
        return before.isPresent() ? Before.DIFFERENT : Before.ABSENT;
    }

    /** Whether there was one to delete. */
    public boolean delete(String name) throws EtcdException, InterruptedException {
        return client.delete(keys.policies() + name) > 0;
    }

    /** The hosts that have those leases, with what fleet knows of them now. */
    public List<HostFacts> hosts(List<Lease> leases) throws EtcdException, InterruptedException {
        Map<String, KeyValue> machines = new HashMap<>();
        for (KeyValue entry : client.list(FleetMachines.PREFIX).entries()) {
            machines.put(entry.key(), entry);
        }
        return new HostList().of(leases, FleetMachines.byAddress(machines));
    }
}
