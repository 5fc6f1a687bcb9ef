/**
 * Fetches what the servers are run from, once, into a cache that all runs share. Nothing here needs root, and nothing
 * outside the cache is changed.
 */
@NullMarked
package io.sluice.devstack.provision;

import org.jspecify.annotations.NullMarked;
