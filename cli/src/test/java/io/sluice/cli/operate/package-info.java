/** Tests of the commands for those who run a sync service. */
@NullMarked
package io.sluice.cli.operate;

import org.jspecify.annotations.NullMarked;
