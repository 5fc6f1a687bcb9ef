package io.sluice.devstack;

import java.util.concurrent.CountDownLatch;

/** The main class of the JVM that {@link StarterCrashTest} kills: starts etcd, prints its pid and directory, waits. */
final class EtcdStarter {
    private EtcdStarter() {}

    public static void main(String[] args) throws InterruptedException {
        Devstack stack = Devstack.builder().only(Part.ETCD).start();
        System.out.println(stack.etcd().pid() + " " + stack.directory());
        new CountDownLatch(1).await();
    }
}
