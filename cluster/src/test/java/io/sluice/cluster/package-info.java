/** Tests of this package: unit tests with fakes, and {@code EtcdTrial}s that run only where an etcd is named. */
@NullMarked
package io.sluice.cluster;

import org.jspecify.annotations.NullMarked;
