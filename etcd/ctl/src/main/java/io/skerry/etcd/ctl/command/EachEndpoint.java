package io.skerry.etcd.ctl.command;

import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.remote.Remote;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Asks the same of members one after the other. */
final class EachEndpoint {
    private final Invocation invocation;
    private final List<String> endpoints;
    private final String failed;

    /**
     * @param failed what is said on standard error of an endpoint that failed, with two places: the
     *     endpoint and why
     */
    EachEndpoint(Invocation invocation, List<String> endpoints, String failed) {
        this.invocation = invocation;
        this.endpoints = endpoints;
        this.failed = failed;
    }

    /** Returns why those failed that did. */
    <Q extends MessageLite, R extends MessageLite> List<String> ask(
            GrpcMethod<Q, R> method, Q request, Remote.Effect effect, BiConsumer<String, R> answer)
            throws CtlFailure, InterruptedException {
        var failures = new ArrayList<String>();
        for (String endpoint : endpoints) {
            var settings = invocation.settings().at(List.of(endpoint));
            try (var remote = Remote.connect(settings, invocation.console())) {
                answer.accept(
                        endpoint,
                        remote.attempt(method, request, effect, settings.commandTimeout()));
            } catch (GrpcException e) {
                failures.add(Remote.words(e));
                invocation.console().err().line(failed.formatted(endpoint, Remote.words(e)));
            }
        }
        return List.copyOf(failures);
    }
}
