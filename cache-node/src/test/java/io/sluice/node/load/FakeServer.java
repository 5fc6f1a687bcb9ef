package io.sluice.node.load;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A MySQL server as polls see it; counts the connections that are open. Thread-safe. */
final class FakeServer {
    final AtomicInteger open = new AtomicInteger();
    private final String uuid;
    private final String executed;
    volatile boolean writable = true;

    FakeServer(String uuid, String executed) {
        this.uuid = uuid;
        this.executed = executed;
    }

    String uuid() {
        return uuid;
    }

    /** A connection that leads here for as long as it lives. */
    Connection connect() {
        open.incrementAndGet();
        return proxy(Connection.class, (self, method) -> switch (method) {
            case "createStatement" -> statement();
            case "unwrap" -> self;
            case "close" -> open.decrementAndGet();
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private Statement statement() {
        return proxy(Statement.class, (self, method) -> switch (method) {
            case "executeQuery" -> row();
            case "close" -> "";
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private ResultSet row() {
        return (ResultSet) Proxy.newProxyInstance(
                ResultSet.class.getClassLoader(), new Class<?>[] {ResultSet.class}, (self, method, arguments) -> {
                    boolean first = arguments != null && arguments[0].equals(1);
                    return switch (method.getName()) {
                        case "next" -> true;
                        case "getString" -> first ? executed : uuid;
                        case "getBoolean" -> !writable;
                        case "close" -> "";
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private interface Answer {
        Object to(Object self, String method);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                    case "close" -> {
                        answer.to(self, "close");
                        yield null;
                    }
                    default -> answer.to(self, method.getName());
                }));
    }
}
