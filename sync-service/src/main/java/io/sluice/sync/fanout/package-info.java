/**
 * Keys that are found by a query: asks a source, once it shows the change, and removes what it says, or the whole
 * group. One of the two packages that speak SQL; it only reads. Never here: which query is asked for which change.
 */
@NullMarked
package io.sluice.sync.fanout;

import org.jspecify.annotations.NullMarked;
