/** Tests of rules, keys and canonical text. */
@NullMarked
package io.sluice.mapping;

import org.jspecify.annotations.NullMarked;
