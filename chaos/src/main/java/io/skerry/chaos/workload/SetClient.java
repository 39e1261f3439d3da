package io.skerry.chaos.workload;

import io.etcd.jetcd.api.PutRequest;
import io.skerry.base.grpc.GrpcException;
import io.skerry.chaos.history.Call;
import io.skerry.chaos.history.SetCall;
import io.skerry.etcd.client.EtcdMethods;

/** Adds elements, a key each, and reads all of them. After some hundred it turns to a new set. */
final class SetClient implements Workload.Runner {
    private static final int CALLS_PER_SET = 300;

    /** For {@link Workload}. */
    SetClient() {}

    @Override
    public void run(ClientContext context) throws InterruptedException {
        while (!context.stopped()) {
            String set = WorkloadKeys.SETS + context.count() / CALLS_PER_SET + "/";
            if (context.random().nextInt(3) == 0) {
                read(context, set);
            } else {
                add(context, set);
            }
            context.pause();
        }
    }

    private static void add(ClientContext context, String set) throws InterruptedException {
        String element = set + context.newValue();
        var put =
                PutRequest.newBuilder()
                        .setKey(Messages.bytes(element))
                        .setValue(Messages.bytes(element))
                        .build();
        long invoked = context.now();
        long returned = Call.NEVER;
        try {
            context.call(EtcdMethods.PUT, put);
            returned = context.now();
        } catch (GrpcException e) {
            if (ClientContext.notCarriedOut(e)) {
                return;
            }
            // Whether it was added is not known: a read may show it at any time.
        }
        context.history().add(new SetCall.Add(set, element, invoked, returned));
    }

    private static void read(ClientContext context, String set) throws InterruptedException {
        long invoked = context.now();
        try {
            var response = context.call(EtcdMethods.RANGE, Messages.prefix(set));
            var elements = Messages.state(response).keySet();
            context.history().add(new SetCall.Read(set, elements, invoked, context.now()));
        } catch (GrpcException e) {
            // A read that failed says nothing.
        }
    }
}
