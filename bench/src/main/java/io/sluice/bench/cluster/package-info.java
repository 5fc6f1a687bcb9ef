/**
 * A cluster under load while nodes come and go: the load, what is counted, the numbers and the picture.
 *
 * <p>Lives here: everything that needs no running server. Never lives here: what starts and kills processes; that is
 * the command's.
 */
@NullMarked
package io.sluice.bench.cluster;

import org.jspecify.annotations.NullMarked;
