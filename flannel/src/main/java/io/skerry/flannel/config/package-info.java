/**
 * The network's configuration as it stands in the store: read from JSON with the original's fields
 * and defaults, every fault named. Pure; who fetches the text is no concern of it.
 */
@NullMarked
package io.skerry.flannel.config;

import org.jspecify.annotations.NullMarked;
