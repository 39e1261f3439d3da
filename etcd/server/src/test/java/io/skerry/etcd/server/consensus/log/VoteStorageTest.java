package io.skerry.etcd.server.consensus.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoteStorageTest {
    @TempDir Path directory;

    @Test
    void remembersTermAndVote() {
        VoteStorage vote = open();
        vote.setTermAndVotedFor(3, new PeerId("a1", 1));
        vote.setTermAndVotedFor(4, PeerId.emptyPeer());
        vote.setTermAndVotedFor(5, new PeerId("b2", 1));
        vote.shutdown();

        VoteStorage again = open();
        assertThat(again.getTerm()).isEqualTo(5);
        assertThat(again.getVotedFor()).isEqualTo(new PeerId("b2", 1));
        again.shutdown();
    }

    @Test
    void fallsBackToTheFormerVoteWhenTheLastWriteWasTorn() throws IOException {
        VoteStorage vote = open();
        vote.setTermAndVotedFor(3, new PeerId("a1", 1));
        byte[] before = Files.readAllBytes(file());
        vote.setTermAndVotedFor(4, new PeerId("b2", 1));
        vote.shutdown();
        byte[] after = Files.readAllBytes(file());
        for (int i = 0; i < after.length; i++) {
            if (before[i] != after[i]) {
                after[i] ^= 1;
                break;
            }
        }
        Files.write(file(), after);

        VoteStorage again = open();
        assertThat(again.getTerm()).isEqualTo(3);
        assertThat(again.getVotedFor()).isEqualTo(new PeerId("a1", 1));
        again.shutdown();
    }

    @Test
    void refusesAFileWithoutAnyVote() throws IOException {
        Files.write(file(), new byte[1024]);
        var vote = new VoteStorage(file());
        assertThat(vote.init(new RaftMetaStorageOptions())).isFalse();
        assertThat(vote.failure()).hasMessageContaining("damaged");
        vote.shutdown();
    }

    private Path file() {
        return directory.resolve("vote");
    }

    private VoteStorage open() {
        var vote = new VoteStorage(file());
        assertThat(vote.init(new RaftMetaStorageOptions())).isTrue();
        return vote;
    }
}
