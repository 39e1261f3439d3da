/**
 * Words for people: what somebody may have meant who typed a name that does not exist. Used by the
 * command line, by flags and by configuration files. Pure; touches nothing outside.
 */
@NullMarked
package io.skerry.base.text;

import org.jspecify.annotations.NullMarked;
