package io.sluice.devstack;

import java.util.concurrent.CountDownLatch;

/** Starts the whole stack, says where it is, and keeps it until Ctrl-C. */
public final class DevstackMain {
    private DevstackMain() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws InterruptedException {
        long start = System.nanoTime();
        System.out.println("Starting MySQL, Canal, Kafka and etcd ...");
        Devstack stack = startOrExit();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stack), "devstack-stop"));
        System.out.printf("Started in %.1f s.%n%n", (System.nanoTime() - start) / 1e9);
        System.out.println(addresses(stack));
        System.out.println("\nCtrl-C stops it and deletes its data.");
        new CountDownLatch(1).await();
    }

    private static Devstack startOrExit() {
        try {
            return Devstack.start();
        } catch (DevstackException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            throw e;
        }
    }

    private static void stop(Devstack stack) {
        System.out.println("Stopping ...");
        stack.close();
        System.out.println("Stopped.");
    }

    private static String addresses(Devstack stack) {
        MysqlServer mysql = stack.mysql();
        return """
                MySQL   %s (user %s, password %s; administrator %s, password %s)
                        %s
                Kafka   %s
                Canal   topic %s, %d partitions
                etcd    %s
                Logs    %s""".formatted(
                        mysql.jdbcUrl(),
                        MysqlServer.USERNAME,
                        MysqlServer.PASSWORD,
                        MysqlServer.ROOT_USERNAME,
                        MysqlServer.ROOT_PASSWORD,
                        mysql.commandLine(MysqlServer.DATABASE),
                        stack.kafka().bootstrapServers(),
                        stack.canal().topic(),
                        stack.canal().partitions(),
                        stack.etcd().endpoint(),
                        stack.directory().resolve("logs"));
    }
}
