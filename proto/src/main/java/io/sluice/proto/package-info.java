/**
 * The part of the wire contract that {@code .proto} files cannot say: names and values of metadata.
 *
 * <p>Lives here: constants that both sides of a call must agree on. Never lives here: anything that does something.
 */
@NullMarked
package io.sluice.proto;

import org.jspecify.annotations.NullMarked;
