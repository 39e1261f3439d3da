package io.skerry.base.http2;

import java.time.Duration;

/**
 * What a client may do on one connection.
 *
 * @param maxStreams calls at once; more are refused
 * @param maxHeaderBytes of one request's header fields
 * @param streamWindowBytes how much of a request's body may be under way
 * @param connectionWindowBytes how much of all bodies may be under way
 * @param maxResets streams that may be reset in ten seconds, by either side: one for each call that
 *     is cancelled; more end the connection
 * @param maxControlFrames settings, priorities, empty data, unknown frames, and pings without an
 *     answer in between, in ten seconds; more end the connection
 * @param probeInterval how often a silent client is asked for a sign of life; the connection ends
 *     when the next is due and none has come
 */
public record Limits(
        int maxStreams,
        int maxHeaderBytes,
        int streamWindowBytes,
        int connectionWindowBytes,
        int maxResets,
        int maxControlFrames,
        Duration probeInterval) {}
