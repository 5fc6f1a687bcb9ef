/** Commands for those who run a sync service. Never here: what the service itself does. */
@NullMarked
package io.sluice.cli.operate;

import org.jspecify.annotations.NullMarked;
