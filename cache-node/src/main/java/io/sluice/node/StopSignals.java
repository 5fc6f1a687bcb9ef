package io.sluice.node;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first asks for an orderly stop, the second ends the process at once.
 *
 * <p>A shutdown hook can do neither: while hooks run the JVM ignores a second signal, and it ends with 128 plus the
 * signal's number however orderly the stop was. So this speaks to the JDK's {@code sun.misc.Signal}, the only interface
 * to signals there is, and by reflection, since the compiler warns of it. A JVM without it stops as it always does.
 *
 * <p>Thread-safe.
 */
final class StopSignals {
    private static final Logger log = LoggerFactory.getLogger(StopSignals.class);

    private final Runnable first;
    private final IntConsumer second;
    private final AtomicInteger received = new AtomicInteger();

    /**
     * @param first must return soon: it runs on the JVM's thread for signals
     * @param second given the exit status that the signal's default action would have had
     */
    StopSignals(Runnable first, IntConsumer second) {
        this.first = first;
        this.second = second;
    }

    /** Takes over both signals of this process. */
    void install() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handle = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    received((int) signal.getMethod("getNumber").invoke(arguments[0]));
                    return null;
                }
                return method.invoke(this, arguments);
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, handle);
            for (String name : new String[] {"TERM", "INT"}) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            log.warn("This JVM gives no access to signals ({}): a stop will be abrupt", e.toString());
        }
    }

    void received(int number) {
        if (received.incrementAndGet() == 1) {
            first.run();
        } else {
            second.accept(128 + number);
        }
    }
}
