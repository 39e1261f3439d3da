package io.skerry.flannel.filter;

/** Which of a packet's addresses is looked up. */
enum Side {
    SOURCE,
    DESTINATION
}
