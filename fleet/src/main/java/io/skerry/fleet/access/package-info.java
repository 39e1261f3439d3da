/**
 * Who may do what through fleet's API: roles, and the rules that give them to certificates and
 * tokens. The API asks at each request; hosts' configuration makes the rules. Decides only, and
 * knows nothing of requests.
 */
@NullMarked
package io.skerry.fleet.access;

import org.jspecify.annotations.NullMarked;
