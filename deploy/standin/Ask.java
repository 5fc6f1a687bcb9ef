import io.sluice.client.Answer;
import io.sluice.client.SluiceClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Part of deploy/check.sh: asks nodes for one key, as one client, until all of them answer what is expected, and says after
 * how long. Exit status 1 if they do not within 90 seconds; then it says what they answered instead. Its arguments: etcd's
 * address, group, key, what ({@code text=...}, {@code none}, {@code memory}), and the nodes.
 */
final class Ask {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    public static void main(String[] args) throws InterruptedException {
        Predicate<Answer> expected = expected(args[3]);
        List<String> nodes = List.of(args).subList(4, args.length);
        Map<String, String> last = new TreeMap<>();
        long start = System.nanoTime();
        try (SluiceClient client = SluiceClient.builder().etcd(args[0]).startTimeout(PATIENCE).build()) {
            int right = 0;
            while (right < nodes.size() && System.nanoTime() - start < PATIENCE.toNanos()) {
                right = 0;
                for (String node : nodes) {
                    try {
                        Answer answer = client.on(node).get(args[1], args[2]);
                        last.put(node, answer.text().orElse("no such row") + " from " + answer.servedFrom());
                        right += expected.test(answer) ? 1 : 0;
                    } catch (RuntimeException e) {
                        last.put(node, e.getMessage());
                    }
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            if (right < nodes.size()) {
                System.out.println("expected " + args[3] + ", got " + last);
                System.exit(1);
            }
        }
        System.out.println(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms");
    }

    private static Predicate<Answer> expected(String what) {
        return switch (what) {
            case "none" -> answer -> !answer.found();
            case "memory" -> answer -> answer.servedFrom().name().equals("MEMORY");
            default -> answer -> answer.text().orElse("").contains(what.substring("text=".length()));
        };
    }
}
