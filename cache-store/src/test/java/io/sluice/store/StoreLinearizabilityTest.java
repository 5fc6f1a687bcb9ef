package io.sluice.store;

import io.sluice.store.policy.PolicyKind;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Two threads make a few calls each, and what they see must be what some order of the same calls gives, which
 * {@link StoreVerifier} looks for.
 */
public final class StoreLinearizabilityTest {
    /** The calls, on whatever store a subclass makes. */
    @Param(name = "key", gen = IntGen.class, conf = "0:2")
    @Param(name = "position", gen = IntGen.class, conf = "1:3")
    public abstract static class Calls {
        private final StoreUnderLincheck store;

        Calls(CacheStore store) {
            this.store = new StoreUnderLincheck(store);
        }

        @Operation(params = "key")
        public int get(int key) {
            return store.get(key);
        }

        @Operation(params = {"key", "position"})
        public String put(int key, int position) {
            return store.put(key, position);
        }

        @Operation(params = {"key", "position"})
        public String remove(int key, int position) {
            return store.remove(key, position);
        }

        @Operation(params = {"key", "position"})
        public String removeTag(int key, int position) {
            return store.removeTag(key, position);
        }

        @Operation(params = "position")
        public void raiseFloor(int position) {
            store.raiseFloor(position);
        }

        @Operation(params = "position")
        public void removeAll(int position) {
            store.removeAll(position);
        }
    }

    /** Room for everything, so there is one right answer to each call in each order. */
    public static final class Roomy extends Calls {
        public Roomy() {
            super(StoreUnderLincheck.storeFor(16, PolicyKind.LRU));
        }
    }

    /** Room for one entry in each segment. */
    public static final class Tight extends Calls {
        public Tight() {
            super(StoreUnderLincheck.storeFor(2, PolicyKind.DEFAULT));
        }
    }

    /**
     * Lincheck 3.7 cannot follow the handles by which the numbers in an entry's array are read. What others read
     * without the lock never changes there, so nothing is missed when these calls are taken for atomic.
     */
    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions()
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(EntryBytes.class.getName())
                        .allMethods()
                        .treatAsAtomic());
    }

    private static <T extends Options<T, ?>> T sized(T options, int iterations, int invocations) {
        return options.threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(3)
                .iterations(iterations)
                .invocationsPerIteration(invocations);
    }

    @Test
    void everyInterleavingOfARoomyStoreIsSomeOrderOfTheCalls() {
        sized(modelChecking(), 6, 50).verifier(StoreVerifier.Exact.class).check(Roomy.class);
    }

    @Test
    void threadsOnARoomyStoreSeeSomeOrderOfTheCalls() {
        sized(new StressOptions(), 10, 200).verifier(StoreVerifier.Exact.class).check(Roomy.class);
    }

    @Test
    void everyInterleavingOfATightStoreIsSomeOrderOfTheCallsAndEvictions() {
        sized(modelChecking(), 6, 50).verifier(StoreVerifier.Evicting.class).check(Tight.class);
    }

    @Test
    void threadsOnATightStoreSeeSomeOrderOfTheCallsAndEvictions() {
        sized(new StressOptions(), 10, 200)
                .verifier(StoreVerifier.Evicting.class)
                .check(Tight.class);
    }
}
