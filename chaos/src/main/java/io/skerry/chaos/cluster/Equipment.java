package io.skerry.chaos.cluster;

/**
 * What members are given beside their program, so that faults can be done to them.
 *
 * @param separated whether each gets a network and a disk of its own, see {@link
 *     Members#canBeSeparated}
 * @param slowDisks whether those disks can be made slow, for which they lie in files of the folder
 *     and not in memory
 * @param clocks whether each may be told another time of day
 * @param tls whether members prove to each other who they are
 */
public record Equipment(boolean separated, boolean slowDisks, boolean clocks, boolean tls) {}
