/** Tests of the client against real gRPC servers with a hand-written service. */
@NullMarked
package io.sluice.client;

import org.jspecify.annotations.NullMarked;
