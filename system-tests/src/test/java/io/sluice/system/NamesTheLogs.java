package io.sluice.system;

import io.sluice.devstack.Devstack;
import io.sluice.devstack.junit.DevstackExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Says after a failed test where the logs of the servers and processes are. Stateless. */
final class NamesTheLogs implements TestWatcher {
    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        Devstack stack = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(DevstackExtension.class))
                .get(Devstack.class, Devstack.class);
        if (stack != null) {
            System.err.println(context.getRequiredTestClass().getSimpleName() + " > " + context.getDisplayName()
                    + " failed. Logs: servers in " + stack.directory().resolve("logs") + ", nodes and sync services in "
                    + stack.directory() + "/<cluster>");
        }
    }
}
