/**
 * The flight recorder: what has become of keys on this node lately, for who asks why an answer was old.
 *
 * <p>Lives here: noting and finding it again. Never lives here: values, keys in clear, or anything that an answer
 * depends on.
 */
@NullMarked
package io.sluice.node.record;

import org.jspecify.annotations.NullMarked;
