/** Commands for those who run a sync service. Never here: what the service itself does. */
@NullMarked
package io.sluice.cli.sync;

import org.jspecify.annotations.NullMarked;
