package io.sluice.cli.demo;

import static java.util.Objects.requireNonNull;

import io.sluice.client.SluiceClient;
import io.sluice.devstack.Devstack;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * Runs the demo: starts everything, runs the steps, prints a line for each, and stops everything again.
 *
 * <p>Used by one thread; a signal may arrive at any time, and then everything is stopped as well.
 */
public final class Demo {
    private static final String DATABASE = "school";
    private static final String CLUSTER = "sluice";
    private static final int NODES = 3;

    private final PrintStream out;
    private final ArrayDeque<AutoCloseable> open = new ArrayDeque<>();
    private boolean ending;

    private Demo(PrintStream out) {
        this.out = requireNonNull(out, "out is null");
    }

    /**
     * Runs the demo.
     *
     * @param stay whether it stays up after the last step, until the process is told to stop
     * @return whether every step showed what it should
     */
    public static boolean run(PrintStream out, boolean stay) {
        Demo demo = new Demo(out);
        Thread stop = new Thread(demo::end, "demo-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return demo.run(stay);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The demo could not run: " + e.getMessage(), e);
        } finally {
            demo.end();
        }
    }

    private boolean run(boolean stay) throws Exception {
        long begin = System.nanoTime();
        out.println("Sluice demo: MySQL, Canal, Kafka, etcd, 3 nodes and the sync service, each a process of its own.");
        Devstack stack = started("MySQL, Kafka, etcd and Canal are up", Devstack::start);
        School school = started(
                String.format(
                        Locale.ROOT,
                        "a school of %,d students in %d classes is in MySQL",
                        School.STUDENTS,
                        School.CLASSES),
                () -> School.create(stack.mysql(), DATABASE));
        LocalCluster cluster = started(
                "node-1, node-2, node-3 and sync-1 are ready",
                () -> LocalCluster.start(stack, CLUSTER, NODES, school.rules()));
        SluiceClient client = started("a client knows the ring, and nodes keep what they load", () -> {
            SluiceClient opened = cluster.client();
            cluster.awaitKeeping(opened, "student", "1");
            return opened;
        });
        DemoSteps steps = new DemoSteps(school, cluster, client);
        long follow = System.nanoTime();
        steps.awaitFollowed();
        line("  ", "the change stream is followed to its end", Duration.ofNanos(System.nanoTime() - follow));
        out.println();
        boolean allWell = true;
        int number = 1;
        for (DemoStep step : steps.all()) {
            allWell &= show(number++, step);
        }
        out.println();
        out.printf(
                Locale.ROOT,
                "%s The whole demo took %,.1f s.%n",
                allWell ? "Every step did what it says." : "Not every step did what it says; see FAILED above.",
                (System.nanoTime() - begin) / 1e9);
        if (!allWell) {
            out.println("Logs: " + stack.directory());
        }
        if (stay && allWell) {
            stay(stack, cluster);
        }
        return allWell;
    }

    private <T extends AutoCloseable> T started(String what, Callable<T> start) throws Exception {
        long begin = System.nanoTime();
        T thing = start.call();
        add(thing);
        line("  ", what, Duration.ofNanos(System.nanoTime() - begin));
        return thing;
    }

    private boolean show(int number, DemoStep step) {
        String head = String.format(Locale.ROOT, "%2d  %-36s ", number, step.title());
        try {
            DemoStep.Outcome outcome = step.action().run();
            line(head, outcome.detail(), outcome.time());
            return true;
        } catch (Exception e) {
            out.println(head + "FAILED: " + e.getMessage());
            return false;
        }
    }

    private void line(String head, String what, Duration time) {
        out.printf(Locale.ROOT, "%s%-80s %,9.1f ms%n", head, what, time.toNanos() / 1e6);
    }

    private void stay(Devstack stack, LocalCluster cluster) throws InterruptedException {
        cluster.nodes().stream().filter(node -> !node.isAlive()).forEach(node -> {
            node.launch();
            node.awaitReady();
        });
        String etcd = stack.etcd().endpoint();
        out.println();
        out.println("Everything stays up until Ctrl-C. In another terminal:");
        out.println("  ./sluice get --etcd " + etcd + " student 42");
        out.println("  ./sluice get --etcd " + etcd + " class-roster 43");
        out.println("  " + stack.mysql().commandLine(DATABASE));
        cluster.nodes()
                .forEach(node -> out.println("  " + node.name() + ": gRPC 127.0.0.1:" + node.port() + ", metrics "
                        + node.adminAddress() + "/metrics"));
        out.println("  sync-1: metrics " + cluster.sync().adminAddress() + "/metrics");
        out.println("  logs: " + stack.directory());
        new CountDownLatch(1).await();
    }

    private synchronized void add(AutoCloseable thing) throws Exception {
        if (ending) {
            thing.close();
            throw new IllegalStateException("the demo is being stopped");
        }
        open.push(thing);
    }

    private synchronized void end() {
        ending = true;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                out.println("Could not stop something: " + e.getMessage());
            }
        }
    }
}
