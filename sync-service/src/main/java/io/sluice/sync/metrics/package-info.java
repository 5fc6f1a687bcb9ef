/** What the sync service counts. Never here: names of keys or tables, which must not become labels. */
@NullMarked
package io.sluice.sync.metrics;

import org.jspecify.annotations.NullMarked;
