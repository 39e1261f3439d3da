/**
 * What goes over fleet's HTTP API: the records and their JSON, in the original's field names and
 * order.
 *
 * <p>Used by the API on one side and by the command line on the other. Writing leaves empty fields
 * out; reading refuses what is not defined in a request with a sentence that names the field, and
 * leaves it aside in an answer, whose writer may be of a later version. Only Jackson's streaming
 * layer is used, because a command's start-up time is mostly the classes that it loads.
 */
@NullMarked
package io.skerry.fleet.api.schema;

import org.jspecify.annotations.NullMarked;
