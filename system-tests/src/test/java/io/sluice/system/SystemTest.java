package io.sluice.system;

import io.sluice.devstack.junit.DevstackExtension;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of tests on the shared stack. Its constructor takes the {@link io.sluice.devstack.Devstack}; it uses names of
 * its own there and starts again what it stops. A failure names the logs.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({DevstackExtension.class, NamesTheLogs.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@interface SystemTest {}
