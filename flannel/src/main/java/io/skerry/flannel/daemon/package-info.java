/**
 * One host's part in the overlay put together: configuration followed, subnet held, kernel kept as
 * the plan says, and what tells of it. The node program and {@code skerry flanneld} use {@code
 * FlannelDaemon} in the same way.
 */
@NullMarked
package io.skerry.flannel.daemon;

import org.jspecify.annotations.NullMarked;
