package io.skerry.etcd.ctl.command;

import com.google.protobuf.MessageLite;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.remote.Remote;
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

    /** Returns how many failed. */
    <Q extends MessageLite, R extends MessageLite> int ask(
            GrpcMethod<Q, R> method, Q request, Remote.Effect effect, BiConsumer<String, R> answer)
            throws CtlFailure, InterruptedException {
        int failures = 0;
        for (String endpoint : endpoints) {
            var settings = invocation.settings().at(List.of(endpoint));
            try (var remote = Remote.connect(settings, invocation.console())) {
                answer.accept(
                        endpoint,
                        remote.attempt(method, request, effect, settings.commandTimeout()));
            } catch (GrpcException e) {
                failures++;
                invocation.console().err().line(failed.formatted(endpoint, Remote.words(e)));
            }
        }
        return failures;
    }
}
