/**
 * Words of people: what somebody may have meant who typed a name that does not exist, and durations
 * as Go's programs take them, and scripts by which shells complete what is typed. Used by the
 * command line, by flags and by configuration files. Pure; touches nothing outside.
 */
@NullMarked
package io.skerry.base.text;

import org.jspecify.annotations.NullMarked;
