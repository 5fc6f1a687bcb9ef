/**
 * {@code sluice audit}: holds what nodes and clients answer against the source, by samples, while everything runs.
 *
 * <p>Lives here: sampling, asking, judging and reporting. Never lives here: change formats and mapping, which are the
 * sync service's, and loads, which are the node's.
 */
@NullMarked
package io.sluice.cli.audit;

import org.jspecify.annotations.NullMarked;
