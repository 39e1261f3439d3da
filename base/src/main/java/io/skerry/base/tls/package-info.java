/**
 * TLS from PEM files: the names of the files, and key and trust material that follows the files
 * when they change. Creates no certificates; that is {@code io.skerry.base.pki}.
 */
@NullMarked
package io.skerry.base.tls;

import org.jspecify.annotations.NullMarked;
