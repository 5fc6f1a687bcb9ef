import io.sluice.client.SluiceClient;
import java.util.concurrent.TimeUnit;

/**
 * Part of deploy/check.sh: reads students 201 to 1200 one after the other for so many seconds, as an application would
 * with one client, and says how it went. Exit status 1 if a read failed. Its arguments: etcd's address, the seconds.
 */
final class Reads {
    public static void main(String[] args) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[1]));
        long reads = 0;
        long failed = 0;
        long slowestMillis = 0;
        try (SluiceClient client = SluiceClient.builder().etcd(args[0]).build()) {
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                try {
                    client.get("student", Long.toString(201 + reads % 1000));
                } catch (RuntimeException e) {
                    failed++;
                    System.err.println(e.getMessage());
                }
                reads++;
                slowestMillis = Math.max(slowestMillis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            }
        }
        System.out.printf("%,d reads, %d failed, the slowest took %,d ms%n", reads, failed, slowestMillis);
        System.exit(failed == 0 ? 0 : 1);
    }
}
