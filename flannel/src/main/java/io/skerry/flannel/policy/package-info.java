/**
 * Network policies: who may send what to whom among the overlay's addresses. Documents and their
 * reading, addresses of both families, and the plain meaning of a list of policies, policy by
 * policy; {@code filter} makes of the same list what the kernel looks up. Knows neither kernel nor
 * store.
 */
@NullMarked
package io.skerry.flannel.policy;

import org.jspecify.annotations.NullMarked;
