/**
 * Consuming the change stream: the poll loop, offsets, lost positions, dead letters. The invariant of the package: no
 * offset is committed before the Removes of its record, and of every record before it, are done. Never here: any change
 * format, gRPC.
 */
@NullMarked
package io.sluice.sync.kafka;

import org.jspecify.annotations.NullMarked;
