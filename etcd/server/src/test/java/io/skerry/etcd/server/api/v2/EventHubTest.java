package io.skerry.etcd.server.api.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.server.v2store.Action;
import io.skerry.etcd.server.v2store.Event;
import io.skerry.etcd.server.v2store.NodeErrorException;
import io.skerry.etcd.server.v2store.NodeInfo;
import io.skerry.etcd.server.v2store.NodePath;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventHubTest {
    private final AtomicLong index = new AtomicLong(10);
    private final EventHub hub = new EventHub(index::get);

    private static Event set(String key, long index) {
        return new Event(
                Action.SET,
                new NodeInfo(key, "v", false, 0, 0, List.of(), index, index),
                null,
                false);
    }

    private static Event deleteDirectory(String key, long index) {
        var node = new NodeInfo(key, null, true, 0, 0, List.of(), index, 1);
        return new Event(Action.DELETE, node, node, false);
    }

    @Test
    void whatLiesInTheHistoryAndWhatComesIsOneSequence() throws Exception {
        hub.add(set("/w/a", 11));
        hub.add(set("/other", 12));
        var watch = hub.open(NodePath.of("/w"), true, hub.start(11));
        hub.add(set("/w/b", 13));
        hub.add(set("/w/_hidden/c", 14));
        hub.add(set("/wide", 15));
        hub.add(deleteDirectory("/w", 16));
        hub.close(watch);
        assertThat(watch.next()).isEqualTo(set("/w/a", 11));
        assertThat(watch.next()).isEqualTo(set("/w/b", 13));
        assertThat(watch.next()).isEqualTo(deleteDirectory("/w", 16));
        assertThat(watch.next()).isNull();
        assertThat(hub.count()).isZero();
    }

    @Test
    void aWatchBelowADirectoryIsToldOnceOfItsEnd() throws Exception {
        var watch = hub.open(NodePath.of("/d/e/f"), false, hub.start(0));
        hub.add(deleteDirectory("/d", 11));
        hub.add(set("/d/e/f/below", 12));
        hub.close(watch);
        assertThat(watch.next()).isEqualTo(deleteDirectory("/d", 11));
        assertThat(watch.next()).isNull();
    }

    @Test
    void aReplacedHistoryIsGoneThroughOrEndsTheWatch() throws Exception {
        hub.add(set("/a", 11));
        var goesOn = hub.open(NodePath.of("/a"), false, 12);
        hub.replace(List.of(set("/a", 11), set("/a", 12), set("/a", 13)), 9);
        assertThat(goesOn.next()).isEqualTo(set("/a", 12));
        assertThat(goesOn.next()).isEqualTo(set("/a", 13));
        hub.replace(List.of(set("/a", 20)), 19);
        assertThat(goesOn.next()).isNull();
        assertThatThrownBy(() -> hub.start(19)).isInstanceOf(NodeErrorException.class);
        assertThat(hub.start(20)).isEqualTo(20);
    }
}
