/** Tests of hot keys. */
@NullMarked
package io.sluice.node.hot;

import org.jspecify.annotations.NullMarked;
