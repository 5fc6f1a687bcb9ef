package io.sluice.cluster;

import org.jspecify.annotations.Nullable;

/** A request to etcd that has no answer or was refused. Never leaves this package. */
final class EtcdUnavailableException extends Exception {
    EtcdUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
