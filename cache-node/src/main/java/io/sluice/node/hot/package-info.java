/**
 * Hot keys: which keys of others a node forwards most, and short-lived copies of their answers.
 *
 * <p>Lives here: the sketch that counts and the copies. Never lives here: anything that a Remove is promised to reach.
 */
@NullMarked
package io.sluice.node.hot;

import org.jspecify.annotations.NullMarked;
