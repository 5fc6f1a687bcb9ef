/**
 * The demo: a school's tables on the real servers, three nodes and the sync service, and one read of them after
 * another.
 *
 * <p>Lives here: what the demo shows, and how a whole cluster is started on this machine. Never lives here: anything
 * that a production process needs.
 */
@NullMarked
package io.sluice.cli.demo;

import org.jspecify.annotations.NullMarked;
