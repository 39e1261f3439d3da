package io.skerry.etcd.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchResponsesTest {
    private static final int KIB = 1024;
    private static final int FRAGMENT = 7;

    private final WatchResponses responses =
            new WatchResponses(revision ->
                    ResponseHeader.newBuilder().setRevision(revision).build().toByteString());

    @Test
    void eventsAreToldInOrderByFragmentsThatAreFullButNotTooLargeUnlessOneEventIs()
            throws Exception {
        var events =
                List.of(event(1000), event(500), event(100), event(1400), event(2000), event(1));

        var parts = new ArrayList<WatchResponse>();
        for (var part : responses.fragments(9, 5, encoded(events))) {
            parts.add(WatchResponse.parseFrom(part));
        }

        assertThat(parts.stream().map(WatchResponse::getEventsList).toList())
                .containsExactly(
                        events.subList(0, 2),
                        events.subList(2, 4),
                        events.subList(4, 5),
                        events.subList(5, 6));
        assertThat(parts).allMatch(part -> part.getWatchId() == 5);
        assertThat(parts).allMatch(part -> part.getHeader().getRevision() == 9);
        assertThat(parts.stream().map(WatchResponsesTest::isFollowed))
                .containsExactly(true, true, true, false);
    }

    @Test
    void whatFitsIsOneResponseThatIsNoFragment() throws Exception {
        var events = List.of(event(700), event(800));

        var whole = responses.fragments(9, 5, encoded(events));

        assertThat(whole).hasSize(1);
        var only = WatchResponse.parseFrom(whole.getFirst());
        assertThat(only.getEventsList()).isEqualTo(events);
        assertThat(isFollowed(only)).isFalse();
    }

    /** Field 7, which the message class does not know. */
    private static boolean isFollowed(WatchResponse response) {
        var field = response.getUnknownFields().getField(FRAGMENT);
        return field.getVarintList().equals(List.of(1L));
    }

    private static Event event(int kib) {
        var value = ByteString.copyFrom(new byte[kib * KIB]);
        return Event.newBuilder().setKv(KeyValue.newBuilder().setValue(value)).build();
    }

    /** Each as it lies in a response, with its tag. */
    private static List<ByteString> encoded(List<Event> events) {
        return events.stream()
                .map(event -> WatchResponse.newBuilder().addEvents(event).build().toByteString())
                .toList();
    }
}
