/** What all tests on virtual hosts share: the built program as a user calls it. */
@NullMarked
package io.skerry.testbed.system;

import org.jspecify.annotations.NullMarked;
