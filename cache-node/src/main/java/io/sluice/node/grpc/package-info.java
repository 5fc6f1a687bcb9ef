/**
 * The gRPC services of a node.
 *
 * <p>Lives here: wire messages in, wire messages out, and the rule which thread does the work. Never lives here: how an
 * answer is found.
 */
@NullMarked
package io.sluice.node.grpc;

import org.jspecify.annotations.NullMarked;
