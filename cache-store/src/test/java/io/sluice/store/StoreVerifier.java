package io.sluice.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.kotlinx.lincheck.util.LincheckResult;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.lincheck.datastructures.verifier.CachedVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of the calls that agrees with what they returned and with which call ended before which began.
 * Lincheck's own verifier wants one right answer for each order, which there is not where entries may be evicted.
 */
public abstract class StoreVerifier extends CachedVerifier {
    private final boolean mayEvict;

    private StoreVerifier(boolean mayEvict) {
        this.mayEvict = mayEvict;
    }

    /** For a store with room for everything: nothing goes but what is removed. */
    public static final class Exact extends StoreVerifier {
        /** Lincheck calls it with the class under test. */
        public Exact(Class<?> tested) {
            super(false);
            requireNonNull(tested);
        }
    }

    /** For a store that may evict at any moment. */
    public static final class Evicting extends StoreVerifier {
        /** Lincheck calls it with the class under test. */
        public Evicting(Class<?> tested) {
            super(true);
            requireNonNull(tested);
        }
    }

    @Override
    public boolean verifyResultsImpl(ExecutionScenario scenario, ExecutionResult results) {
        PossibleStore state = new PossibleStore(mayEvict);
        if (!inSequence(scenario.getInitExecution(), results.getInitResults(), state)) {
            return false;
        }
        return new Search(scenario, results).isPossible(state, new int[scenario.getNThreads()]);
    }

    private static boolean inSequence(List<Actor> calls, List<LincheckResult> results, PossibleStore state) {
        for (int i = 0; i < calls.size(); i++) {
            if (!apply(calls.get(i), results.get(i), state)) {
                return false;
            }
        }
        return true;
    }

    private static boolean apply(Actor call, @Nullable LincheckResult result, PossibleStore state) {
        List<Object> arguments = call.getArguments();
        Object value = result instanceof ValueResult returned ? requireNonNull(returned.getValue()) : "";
        int first = (int) arguments.getFirst();
        int last = (int) arguments.getLast();
        return switch (call.getMethod().getName()) {
            case "get" -> state.get(first, (int) value);
            case "put" -> state.put(first, last, PutResult.valueOf((String) value));
            case "remove" -> state.remove(first, last, RemoveResult.valueOf((String) value));
            case "removeTag" -> state.remove(first, last, RemoveResult.valueOf((String) value));
            case "raiseFloor" -> state.raiseFloor(first);
            case "removeAll" -> state.removeAll(first);
            default -> throw new IllegalArgumentException("no call is named " + call.getMethod());
        };
    }

    private record Search(ExecutionScenario scenario, ExecutionResult results) {
        /** Tries each thread's next call, of those that began before every other call left had ended. */
        boolean isPossible(PossibleStore state, int[] done) {
            boolean allDone = true;
            for (int thread = 0; thread < done.length; thread++) {
                List<Actor> calls = scenario.getParallelExecution().get(thread);
                if (done[thread] == calls.size()) {
                    continue;
                }
                allDone = false;
                ResultWithClock result =
                        results.getParallelResultsWithClock().get(thread).get(done[thread]);
                PossibleStore next = state.copy();
                if (mayBeNext(result, done) && apply(calls.get(done[thread]), result.getResult(), next)) {
                    int[] more = done.clone();
                    more[thread]++;
                    if (isPossible(next, more)) {
                        return true;
                    }
                }
            }
            return allDone && inSequence(scenario.getPostExecution(), results.getPostResults(), state);
        }

        private static boolean mayBeNext(ResultWithClock result, int[] done) {
            for (int thread = 0; thread < done.length; thread++) {
                if (result.getClockOnStart().get(thread) > done[thread]) {
                    return false;
                }
            }
            return true;
        }
    }
}
