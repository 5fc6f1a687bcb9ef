package io.sluice.node.read;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.fake.Parked;
import io.sluice.node.load.LoadStamp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class FlightsTest {
    private final Flights<String, String> flights = new Flights<>();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch landing = new CountDownLatch(1);
    private final AtomicInteger loads = new AtomicInteger();

    @AfterEach
    void end() {
        landing.countDown();
        callers.close();
    }

    @Test
    void hundredCallersOfOneKeyShareOneLoad() throws Exception {
        Future<String> leader = callers.submit(() -> fly(FlightsTest::any, this::latched));
        loading.await();
        CountDownLatch asked = new CountDownLatch(99);
        List<Future<String>> joiners = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
            joiners.add(callers.submit(() -> fly(
                    flight -> {
                        asked.countDown();
                        return true;
                    },
                    this::load)));
        }
        asked.await();
        landing.countDown();

        assertThat(leader.get()).isEqualTo("load 1");
        for (Future<String> joiner : joiners) {
            assertThat(joiner.get()).isEqualTo("load 1");
        }
        assertThat(loads).hasValue(1);
        assertThat(flights.size()).isZero();
    }

    @Test
    void callerThatMayNotJoinGetsTheNextFlight() throws Exception {
        Future<String> first = callers.submit(() -> fly(FlightsTest::any, this::latched));
        loading.await();
        CountDownLatch refused = new CountDownLatch(1);
        Future<String> second = callers.submit(() -> fly(signalling(refused), this::load));
        refused.await();
        assertThat(loads).as("loads while the first is running").hasValue(1);
        landing.countDown();

        assertThat(first.get()).isEqualTo("load 1");
        assertThat(second.get()).isEqualTo("load 2");
        assertThat(flights.size()).isZero();
    }

    @Test
    void allWhoMayNotJoinShareTheOneNextFlight() throws Exception {
        Future<String> first = callers.submit(() -> fly(FlightsTest::any, this::latched));
        loading.await();
        List<Future<String>> others = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            others.add(Parked.caller(() -> fly(FlightsTest::none, this::load)));
        }
        landing.countDown();

        assertThat(first.get()).isEqualTo("load 1");
        for (Future<String> other : others) {
            assertThat(other.get()).isEqualTo("load 2");
        }
        assertThat(loads).hasValue(2);
        assertThat(flights.size()).isZero();
    }

    @Test
    void failureReachesAllOnTheFlightAndTheNextCallLoadsAgain() throws Exception {
        StatusRuntimeException failure = Status.UNAVAILABLE.asRuntimeException();
        Future<String> leader = callers.submit(() -> fly(FlightsTest::any, flight -> {
            latched(flight);
            throw failure;
        }));
        loading.await();
        CountDownLatch asked = new CountDownLatch(1);
        Future<String> joiner = callers.submit(() -> fly(
                flight -> {
                    asked.countDown();
                    return true;
                },
                this::load));
        asked.await();
        landing.countDown();

        assertThatThrownBy(leader::get).isInstanceOf(ExecutionException.class).hasCause(failure);
        assertThatThrownBy(joiner::get).isInstanceOf(ExecutionException.class).hasCause(failure);
        assertThat(flights.size()).isZero();
        assertThat(fly(FlightsTest::any, this::load)).isEqualTo("load 2");
    }

    @Test
    void failureOfTheRunningFlightIsNotThatOfTheNext() throws Exception {
        Future<String> first = callers.submit(() -> fly(FlightsTest::any, flight -> {
            latched(flight);
            throw Status.UNAVAILABLE.asRuntimeException();
        }));
        loading.await();
        CountDownLatch refused = new CountDownLatch(1);
        Future<String> second = callers.submit(() -> fly(signalling(refused), this::load));
        refused.await();
        landing.countDown();

        assertThatThrownBy(first::get).hasCauseInstanceOf(StatusRuntimeException.class);
        assertThat(second.get()).isEqualTo("load 2");
    }

    @Test
    void errorOfALoadLeavesNoFlightBehind() {
        assertThatThrownBy(() -> fly(FlightsTest::any, flight -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(flights.size()).isZero();
        assertThat(fly(FlightsTest::any, this::load)).isEqualTo("load 1");
    }

    @Test
    void joinerWaitsNoLongerThanItsDeadline() throws Exception {
        Future<String> leader = callers.submit(() -> fly(FlightsTest::any, this::latched));
        loading.await();

        assertThatThrownBy(() ->
                        flights.fly("key", FlightsTest::any, Deadline.after(1, TimeUnit.MILLISECONDS), this::load))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));

        landing.countDown();
        assertThat(leader.get()).isEqualTo("load 1");
    }

    @Test
    void keysDoNotWaitForEachOther() throws Exception {
        Future<String> first = callers.submit(() -> fly(FlightsTest::any, this::latched));
        loading.await();

        assertThat(flights.fly("other", FlightsTest::any, soon(), this::load)).isEqualTo("load 2");

        landing.countDown();
        assertThat(first.get()).isEqualTo("load 1");
    }

    @Test
    void whoeverAsksMaySeeWhereTheLoadStands() throws Exception {
        SourcePosition stamp = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-7");
        Future<String> leader = callers.submit(() -> fly(FlightsTest::any, flight -> {
            flight.departed(LoadStamp.of(stamp), 42);
            return latched(flight);
        }));
        loading.await();
        CountDownLatch asked = new CountDownLatch(1);
        Future<String> joiner = callers.submit(() -> fly(
                flight -> {
                    Flight.Departure departure = requireNonNull(flight.departure());
                    assertThat(departure.stamp().position()).isEqualTo(stamp);
                    assertThat(departure.startNanos()).isEqualTo(42);
                    asked.countDown();
                    return true;
                },
                this::load));
        asked.await();
        landing.countDown();
        assertThat(joiner.get()).isEqualTo(leader.get());
    }

    private static Predicate<Flight<String>> signalling(CountDownLatch refused) {
        return flight -> {
            refused.countDown();
            return false;
        };
    }

    private static boolean any(Flight<String> flight) {
        return true;
    }

    private static boolean none(Flight<String> flight) {
        return false;
    }

    private String latched(Flight<String> flight) {
        String result = load(flight);
        loading.countDown();
        try {
            landing.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return result;
    }

    private String load(Flight<String> flight) {
        return "load " + loads.incrementAndGet();
    }

    private String fly(Predicate<Flight<String>> mayJoin, Function<Flight<String>, String> load) {
        return flights.fly("key", mayJoin, soon(), load);
    }

    private static Deadline soon() {
        return Deadline.after(10, TimeUnit.SECONDS);
    }
}
