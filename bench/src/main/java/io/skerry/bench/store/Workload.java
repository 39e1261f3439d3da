package io.skerry.bench.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.skerry.etcd.client.EtcdMethods;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** The kinds of requests that are measured, over a fixed set of keys. */
public enum Workload {
    /** Puts a value of 256 random bytes. */
    PUT(EtcdMethods.PUT.path()),
    /** Gets one key as it is now, by the agreement of the members. */
    RANGE(EtcdMethods.RANGE.path()),
    /** Gets one key as the member asked knows it. */
    SERIALIZABLE_RANGE(EtcdMethods.RANGE.path());

    static final int KEYS = 10_000;
    static final int VALUE_BYTES = 256;

    private static final long SEED = 20_260_101;

    private final String method;

    Workload(String method) {
        this.method = method;
    }

    /** The gRPC method's path. */
    String method() {
        return method;
    }

    /** As in options and reports, for instance {@code serializable-range}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Workload> of(String label) {
        return Arrays.stream(values()).filter(w -> w.label().equals(label)).findFirst();
    }

    /** One encoded request for each key, in an order that is random and always the same. */
    List<byte[]> requests() {
        var random = new Random(SEED);
        var requests = new ArrayList<byte[]>();
        for (int i = 0; i < KEYS; i++) {
            requests.add(request(i, random));
        }
        Collections.shuffle(requests, random);
        return requests;
    }

    private byte[] request(int number, Random random) {
        var key = ByteString.copyFrom("bench/%010d".formatted(number), StandardCharsets.US_ASCII);
        return switch (this) {
            case PUT -> {
                byte[] value = new byte[VALUE_BYTES];
                random.nextBytes(value);
                yield PutRequest.newBuilder()
                        .setKey(key)
                        .setValue(ByteString.copyFrom(value))
                        .build()
                        .toByteArray();
            }
            case RANGE -> RangeRequest.newBuilder().setKey(key).build().toByteArray();
            case SERIALIZABLE_RANGE ->
                    RangeRequest.newBuilder()
                            .setKey(key)
                            .setSerializable(true)
                            .build()
                            .toByteArray();
        };
    }
}
