/** The JUnit extension that hands tests a running stack. No server is started by code of this package alone. */
@NullMarked
package io.sluice.devstack.junit;

import org.jspecify.annotations.NullMarked;
