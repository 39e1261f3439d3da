package io.skerry.bench.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.skerry.bench.load.Requests;
import io.skerry.etcd.client.EtcdMethods;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** The kinds of calls that are measured in a closed loop, over a fixed set of keys. */
public enum Workload {
    /** Puts a value of 256 random bytes. */
    PUT(EtcdMethods.PUT.path(), 10_000),
    /** Gets one key as it is now, by the agreement of the members. */
    RANGE(EtcdMethods.RANGE.path(), 10_000),
    /** Gets one key as the member asked knows it. */
    SERIALIZABLE_RANGE(EtcdMethods.RANGE.path(), 10_000),
    /** Gets all 10,000 keys at once. An answer is 3 MB: few are in flight. */
    LIST(EtcdMethods.RANGE.path(), 8);

    static final int KEYS = 10_000;

    private static final long SEED = 20_260_101;

    private final String method;
    private final int mostInFlight;

    Workload(String method, int mostInFlight) {
        this.method = method;
        this.mostInFlight = mostInFlight;
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

    /** How many calls of this kind are in flight where so many are asked for. */
    int inFlight(int asked) {
        return Math.min(asked, mostInFlight);
    }

    /** Requests over all keys, in an order that is random and always the same. */
    Requests requests() {
        return switch (this) {
            case PUT -> PutRequests.shuffled(KEYS);
            case RANGE -> gets(false);
            case SERIALIZABLE_RANGE -> gets(true);
            case LIST ->
                    Requests.cycling(
                            List.of(
                                    RangeRequest.newBuilder()
                                            .setKey(ByteString.copyFromUtf8(PutRequests.PREFIX))
                                            .setRangeEnd(
                                                    ByteString.copyFromUtf8(PutRequests.PREFIX_END))
                                            .build()
                                            .toByteArray()));
        };
    }

    private static Requests gets(boolean serializable) {
        var requests = new ArrayList<byte[]>();
        for (int i = 0; i < KEYS; i++) {
            requests.add(
                    RangeRequest.newBuilder()
                            .setKey(ByteString.copyFrom(PutRequests.key(i)))
                            .setSerializable(serializable)
                            .build()
                            .toByteArray());
        }
        Collections.shuffle(requests, new Random(SEED));
        return Requests.cycling(requests);
    }
}
