/** Tests of this package: unit tests with fakes, and some against a real etcd, which run only where one is named. */
@NullMarked
package io.sluice.cluster;

import org.jspecify.annotations.NullMarked;
