/**
 * The holder's end of a lease stream: what clients with a near cache and nodes with copies of hot keys have in common.
 *
 * <p>Lives here: the protocol of one stream. Never lives here: which copies are used for whom. Applications need
 * nothing of it.
 */
@NullMarked
package io.sluice.client.lease;

import org.jspecify.annotations.NullMarked;
