/** Tests of the services over real connections, with fakes in place of sources. */
@NullMarked
package io.sluice.node.grpc;

import org.jspecify.annotations.NullMarked;
