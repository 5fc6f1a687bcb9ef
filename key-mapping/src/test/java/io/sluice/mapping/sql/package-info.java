/** Tests of what SQL text says. */
@NullMarked
package io.sluice.mapping.sql;

import org.jspecify.annotations.NullMarked;
