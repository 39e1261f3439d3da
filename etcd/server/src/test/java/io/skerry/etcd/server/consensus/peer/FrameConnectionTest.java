package io.skerry.etcd.server.consensus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames are sent by many threads, which write small ones themselves. */
@Timeout(300)
class FrameConnectionTest {
    private static final int SMALL = 100;
    private static final int LARGE = 100_000;

    private ServerSocket server;
    private Socket near;
    private Socket far;
    private final Received atNear = new Received();
    private final Received atFar = new Received();

    /** What one side was told. */
    private static final class Received implements FrameConnection.Sink {
        private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        private final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public void frame(Frame frame) {
            frames.add(frame);
        }

        @Override
        public void closed(String reason) {
            closed.complete(reason);
        }

        Frame next() throws InterruptedException {
            Frame frame = frames.poll(60, TimeUnit.SECONDS);
            assertThat(frame).isNotNull();
            return frame;
        }
    }

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        near = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        far = server.accept();
    }

    @AfterEach
    void disconnect() throws IOException {
        near.close();
        far.close();
        server.close();
    }

    private static FrameConnection start(Socket socket, Received received) {
        var volume = new PeerVolume.Of(new LongAdder(), new LongAdder());
        var connection = new FrameConnection(socket, "test", volume, received);
        connection.start();
        return connection;
    }

    /** A frame that says who sent it and as which. */
    private static byte[] frame(int sender, int number, int size) {
        byte[] payload = new byte[size];
        ByteBuffer.wrap(payload).putInt(sender).putInt(number);
        return Frame.encode(Frame.REQUEST, 1, 0, ByteString.copyFrom(payload));
    }

    @Test
    void framesOfEachSenderArriveWholeAndInOrder() throws Exception {
        var sending = start(near, atNear);
        start(far, atFar);
        int senders = 4;
        int each = 2000;
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < senders; i++) {
            int sender = i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int n = 0; n < each; n++) {
                                    int size = n % 50 == 0 ? LARGE : SMALL;
                                    sending.send(frame(sender, n, size));
                                    sending.allRead();
                                }
                            }));
        }
        int[] next = new int[senders];
        for (int n = 0; n < senders * each; n++) {
            var payload = atFar.next().payload().asReadOnlyByteBuffer();
            int sender = payload.getInt();
            assertThat(payload.getInt()).isEqualTo(next[sender]++);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void nobodyWaitsForAPeerThatTakesNothing() throws Exception {
        var sending = start(near, atNear);
        long end = 0;
        for (int n = 0; n < 100_000; n++) {
            end = sending.send(frame(0, n, SMALL));
        }
        assertThat(end).isGreaterThan(100_000L * SMALL);
        sending.close("enough");
        assertThat(atNear.closed.get(60, TimeUnit.SECONDS)).isEqualTo("enough");
        assertThat(sending.send(frame(0, 0, SMALL))).isEqualTo(FrameConnection.CLOSED);
    }

    @Test
    void peerThatIsGoneEndsTheConnectionForThoseWhoSend() throws Exception {
        var sending = start(near, atNear);
        far.close();
        atNear.closed.get(60, TimeUnit.SECONDS);
        assertThat(sending.send(frame(0, 0, SMALL))).isEqualTo(FrameConnection.CLOSED);
    }

    @Test
    void requestThatWantsNoAnswerGetsNone() throws Exception {
        var requests = new LinkedBlockingQueue<PeerRequest>();
        var channel =
                new PeerChannel(
                        far,
                        1,
                        new PeerVolume.Of(new LongAdder(), new LongAdder()),
                        new PeerChannel.Handlers() {
                            @Override
                            public void handle(PeerRequest request) {
                                requests.add(request);
                                request.reply(7, ByteString.EMPTY);
                            }

                            @Override
                            public void closed(PeerChannel closed) {}
                        });
        channel.start();
        var sending = start(near, atNear);
        for (long id : List.of(Frame.UNANSWERED, 5L)) {
            sending.send(Frame.encode(Frame.REQUEST, id, 0, ByteString.EMPTY));
        }
        assertThat(atNear.next().id()).isEqualTo(5);
        assertThat(requests).hasSize(2);
    }

    @Test
    void aPeerThatLeavesAFrameUnfinishedIsGivenUpAndOneThatIsSilentBetweenFramesIsNot()
            throws Exception {
        var receiving = start(far, atFar);
        byte[] whole = frame(0, 0, LARGE);
        near.getOutputStream().write(whole);
        atFar.next();
        for (int n = 0; n < 10 * FrameConnection.PATIENCE_LOOKS; n++) {
            receiving.look();
        }
        near.getOutputStream().write(whole, 0, LARGE / 2);
        for (int n = 0; n < 10 * FrameConnection.PATIENCE_LOOKS; n++) {
            // Slow, but it goes on: between two looks more has come.
            long before = receiving.unfinished();
            near.getOutputStream().write(whole, LARGE / 2 + n, 1);
            awaitMore(receiving, before);
        }
        assertThat(atFar.closed).isNotDone();

        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!atFar.closed.isDone() && System.nanoTime() - until < 0) {
            receiving.look();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(atFar.closed).isCompletedWithValue("the peer stalls within a message");
    }

    @Test
    void aPeerOfWhichFrameAfterFrameIsSeenHalfReadIsNotGivenUp() throws Exception {
        var receiving = start(far, atFar);
        byte[] whole = frame(0, 0, LARGE);
        for (int n = 0; n < 3 * FrameConnection.PATIENCE_LOOKS; n++) {
            near.getOutputStream().write(whole, 0, LARGE / 2);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (receiving.unfinished() != LARGE / 2 && System.nanoTime() - until < 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            receiving.look();
            near.getOutputStream().write(whole, LARGE / 2, whole.length - LARGE / 2);
            atFar.next();
        }
        assertThat(atFar.closed).isNotDone();
    }

    /** Looks as soon as what was sent last has come. */
    private static void awaitMore(FrameConnection receiving, long before)
            throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (receiving.unfinished() == before && System.nanoTime() - until < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        receiving.look();
    }

    @Test
    void theSystemIsAskedToNoticePeersThatAreGone() throws Exception {
        FrameConnection.prepare(near);
        assertThat(near.getKeepAlive()).isTrue();
        assertThat(near.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(60);
    }
}
