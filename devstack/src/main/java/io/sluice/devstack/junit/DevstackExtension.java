package io.sluice.devstack.junit;

import io.sluice.devstack.Devstack;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test methods and constructors a parameter of type {@link Devstack}: the whole stack, started when the first
 * test of the run asks for it, shared by all of them, and closed when the run ends. So a test uses tables and keys of
 * its own, and puts back what it stops.
 */
public final class DevstackExtension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Devstack.class;
    }

    @Override
    public Devstack resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The root's store closes what is AutoCloseable when the run ends.
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(DevstackExtension.class))
                .computeIfAbsent(Devstack.class, type -> Devstack.start(), Devstack.class);
    }
}
