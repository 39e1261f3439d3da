/**
 * The event loops of the process: one owner of Vert.x, handed by constructor to every listener and
 * every client. Nothing here blocks on the loops. Beside them, what there is about addresses.
 */
@NullMarked
package io.skerry.base.net;

import org.jspecify.annotations.NullMarked;
