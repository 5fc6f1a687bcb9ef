/** Tests of rules that change. */
@NullMarked
package io.sluice.admin.rules;

import org.jspecify.annotations.NullMarked;
