package io.skerry.etcd.ctl.command;

import io.etcd.jetcd.api.MemberListRequest;
import io.skerry.base.grpc.GrpcException;
import io.skerry.etcd.client.EtcdMethods;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.flag.Flag;
import io.skerry.etcd.ctl.remote.Remote;
import io.skerry.etcd.ctl.remote.Settings;
import java.util.List;

/** The endpoints that a command goes through one by one. */
final class Endpoints {
    static final Flag CLUSTER = Flag.on("cluster", "all that the cluster's member list names");

    private Endpoints() {}

    static List<String> of(Invocation invocation) throws CtlFailure, InterruptedException {
        Settings settings = invocation.settings();
        if (!invocation.on("cluster")) {
            return settings.endpoints();
        }
        // The list needs no user, so nobody is asked for a password twice.
        try (var remote = Remote.connect(settings.anonymous(), invocation.console())) {
            return remote
                    .attempt(
                            EtcdMethods.MEMBER_LIST,
                            MemberListRequest.getDefaultInstance(),
                            Remote.Effect.READS,
                            settings.commandTimeout())
                    .getMembersList()
                    .stream()
                    .flatMap(member -> member.getClientURLsList().stream())
                    .toList();
        } catch (GrpcException e) {
            throw CtlFailure.error(
                    "failed to fetch endpoints from etcd cluster member list: " + Remote.words(e));
        }
    }
}
