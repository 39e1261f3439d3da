package io.skerry.node.playground;

import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks every member of a store how it is. */
final class StoreQuery {
    /**
     * @param role leader, follower, or unreachable
     * @param id hexadecimal, as etcd's clients show it; empty if the member does not answer
     */
    record Member(String host, String url, String id, String role, long revision) {}

    private StoreQuery() {}

    static List<Member> members(ClusterAccess access, Duration limit) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Callable<Member>>();
            for (ClusterAccess.Entrance entrance : access.hosts()) {
                if (entrance.storeMember()) {
                    asked.add(() -> ask(access, entrance, limit));
                }
            }
            return threads.invokeAll(asked).stream().map(Future::resultNow).toList();
        }
    }

    private static Member ask(
            ClusterAccess access, ClusterAccess.Entrance entrance, Duration limit) {
        var http = new BlockingHttp(ListenUrl.parse(entrance.storeUrl()), access.tls(), limit);
        try (var response = http.send("GET", "/health", Map.of(), new byte[0])) {
            String role = response.status() == 200 ? "member" : "unhealthy";
            return new Member(entrance.host(), entrance.storeUrl(), "", role, 0);
        } catch (IOException e) {
            return new Member(entrance.host(), entrance.storeUrl(), "", "unreachable", 0);
        }
    }
}
