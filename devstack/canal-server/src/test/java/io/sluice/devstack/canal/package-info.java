/** Tests of the Canal launcher and of the settings that are deployed. */
@org.jspecify.annotations.NullMarked
package io.sluice.devstack.canal;
