package io.skerry.chaos.cluster;

/** The way of packets from one member to another, by their numbers. */
public record Link(int from, int to) {}
