package io.skerry.flannel.subnet;

import com.google.protobuf.ByteString;
import io.skerry.etcd.client.Compare;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.KeyValue;
import io.skerry.etcd.client.LeaseId;
import io.skerry.etcd.client.Op;
import io.skerry.etcd.client.Txn;
import io.skerry.flannel.address.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Subnets in an etcd v3 store, under the keys of flannel 0.18 and later. */
public final class EtcdSubnetStore {
    private final EtcdClient client;
    private final SubnetKeys keys;
    private final LeaseReader reader;

    public EtcdSubnetStore(EtcdClient client, SubnetKeys keys) {
        this(client, keys, new LeaseReader());
    }

    /** One that shares what was read with a mirror of the same leases. */
    EtcdSubnetStore(EtcdClient client, SubnetKeys keys, LeaseReader reader) {
        this.client = client;
        this.keys = keys;
        this.reader = reader;
    }

    /** Reads everything at one revision; empty while there is no configuration. */
    public Optional<SubnetView> read() throws EtcdException, InterruptedException {
        var read =
                client.commit(
                        Txn.when()
                                .then(
                                        Op.get(keys.config()),
                                        Op.list(keys.subnets()),
                                        Op.list(keys.remembered())));
        return read.read(0)
                .first()
                .map(config ->
                        SubnetView.of(
                                config,
                                read.read(1).entries(),
                                reader,
                                remembered(read.read(2).entries())));
    }

    private static List<Remembered> remembered(List<KeyValue> entries) {
        var remembered = new ArrayList<Remembered>();
        for (KeyValue entry : entries) {
            var subnets = SubnetKeys.subnetsOf(entry.key());
            var host = Ip.parse(entry.text());
            if (subnets.isPresent() && host.isPresent()) {
                remembered.add(
                        new Remembered(subnets.get().first(), host.get(), entry.modRevision()));
            }
        }
        return remembered;
    }

    /**
     * Makes a claim.
     *
     * @param lease what the key shall hang on, unless the claim is permanent
     * @return false if something changed meanwhile: nothing was written, read again
     */
    boolean claim(Claim claim, LeaseId lease) throws EtcdException, InterruptedException {
        var conditions = new ArrayList<Compare>();
        conditions.add(
                Compare.modRevision(keys.config(), Compare.Relation.EQUAL, claim.configRevision()));
        String key = claim.replacing().map(Lease::key).orElse(keys.subnets(claim.subnets()));
        long expected = claim.replacing().map(Lease::modRevision).orElse(0L);
        conditions.add(Compare.modRevision(key, Compare.Relation.EQUAL, expected));
        var writes = new ArrayList<Op>();
        writes.add(
                Op.put(
                        key,
                        ByteString.copyFromUtf8(claim.value().json()),
                        claim.permanent() ? null : lease));
        for (Lease discarded : claim.discarded()) {
            conditions.add(
                    Compare.modRevision(
                            discarded.key(), Compare.Relation.EQUAL, discarded.modRevision()));
            writes.add(Op.delete(discarded.key()));
        }
        ByteString host = ByteString.copyFromUtf8(claim.value().publicIp().toString());
        claim.noted()
                .forEach((subnet, revision) -> {
                    String note = keys.remembered(subnet);
                    conditions.add(Compare.modRevision(note, Compare.Relation.EQUAL, revision));
                    writes.add(Op.put(note, host));
                });
        claim.forgotten().forEach(subnet -> writes.add(Op.delete(keys.remembered(subnet))));
        return client.commit(Txn.when(conditions).then(writes)).succeeded();
    }
}
