/** Tests of the auditor. */
@NullMarked
package io.sluice.cli.audit;

import org.jspecify.annotations.NullMarked;
