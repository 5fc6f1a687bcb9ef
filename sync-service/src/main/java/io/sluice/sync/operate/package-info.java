/** What operators ask of a running service, over gRPC: its state, pause, replay. Never here: how any of it is done. */
@NullMarked
package io.sluice.sync.operate;

import org.jspecify.annotations.NullMarked;
