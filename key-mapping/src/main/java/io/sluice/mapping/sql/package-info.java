/**
 * What SQL text says: which tables a definition or a change touches, which tables a query reads and what its parameters
 * are compared with. The only place that knows the SQL parser. Never here: rules, groups, rows.
 */
@NullMarked
package io.sluice.mapping.sql;

import org.jspecify.annotations.NullMarked;
