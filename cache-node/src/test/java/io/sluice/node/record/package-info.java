/** Tests of the flight recorder. */
@NullMarked
package io.sluice.node.record;

import org.jspecify.annotations.NullMarked;
