/** What unit files may ask for, and what is said of bad ones. */
@NullMarked
package io.skerry.fleet.model;

import org.jspecify.annotations.NullMarked;
