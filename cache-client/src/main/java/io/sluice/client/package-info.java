/**
 * The Java client: asks the owner of a key, and when a node cannot be reached, another one.
 *
 * <p>Start at {@link io.sluice.client.SluiceClient}. Never here: loading from a source, the rules file, or any decision
 * about what a node keeps.
 */
@NullMarked
package io.sluice.client;

import org.jspecify.annotations.NullMarked;
