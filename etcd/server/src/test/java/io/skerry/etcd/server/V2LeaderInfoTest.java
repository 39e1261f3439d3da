package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Since when a leader leads does not depend on who asks when. */
class V2LeaderInfoTest {
    private static final Pattern SINCE =
            Pattern.compile("\"leaderInfo\":\\{.*?\"startTime\":\"([^\"]+)\"");

    @TempDir private Path directory;

    @Test
    void aLeaderLeadsSinceItWasElected() throws Exception {
        assertKnownBeforeAnybodyAsked(1);
    }

    @Test
    void aFollowerHasFollowedSinceItFoundTheLeader() throws Exception {
        assertKnownBeforeAnybodyAsked(2);
    }

    private void assertKnownBeforeAnybodyAsked(int count) throws Exception {
        try (var members = Members.ours(directory, count, null).with(Members.PATIENT).startAll()) {
            for (int i = 0; i < count; i++) {
                try (var client = V2Client.of(members.endpoint(i)).awaitServing()) {
                    Instant serving = Instant.now();
                    Instant since = since(client);
                    assertThat(since).isBefore(serving);
                    assertThat(since(client)).isEqualTo(since);
                }
            }
        }
    }

    private static Instant since(V2Client client) throws Exception {
        String told = client.get("/v2/stats/self").body();
        var matcher = SINCE.matcher(told);
        assertThat(matcher.find()).as(told).isTrue();
        return Instant.parse(matcher.group(1));
    }
}
