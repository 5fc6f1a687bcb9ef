package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The leases that stand, by key, by holder and by age. Not thread-safe: its table has the lock. */
final class LeaseIndex {
    private final Map<String, Map<String, Set<Lease>>> byKey = new HashMap<>();
    private final Map<LeaseHolder, Account> accounts = new HashMap<>();
    /** In the order of granting, by which they end, but for those that are shorter than others. */
    private final Set<Lease> byAge = new LinkedHashSet<>();

    /** Never begins anew: a confirmation that comes late must not name another revocation. */
    private long lastRevocation;

    /** What one holder has. */
    private static final class Account {
        private final Set<Lease> leases = new LinkedHashSet<>();
        private final Map<Long, List<Lease>> unconfirmed = new HashMap<>();
    }

    void add(Lease lease) {
        byKey.computeIfAbsent(lease.group(), group -> new HashMap<>())
                .computeIfAbsent(lease.key(), key -> new LinkedHashSet<>(2))
                .add(lease);
        accounts.computeIfAbsent(lease.holder(), holder -> new Account()).leases.add(lease);
        byAge.add(lease);
    }

    /** False when it is not there any more. */
    boolean remove(Lease lease) {
        if (!byAge.remove(lease)) {
            return false;
        }
        byKey.computeIfPresent(lease.group(), (group, keys) -> {
            keys.computeIfPresent(
                    lease.key(), (key, leases) -> leases.remove(lease) && leases.isEmpty() ? null : leases);
            return keys.isEmpty() ? null : keys;
        });
        accounts.computeIfPresent(
                lease.holder(),
                (holder, account) -> account.leases.remove(lease) && account.leases.isEmpty() ? null : account);
        return true;
    }

    /**
     * Those that a Remove asks for, whatever their stamp. One of some keys asks for what is being revoked as well, of
     * any key: who revoked it may go by another idea of which keys these are, and may not wait for it.
     */
    List<Lease> asked(LeaseDemand demand) {
        Map<String, Set<Lease>> ofGroup = byKey.getOrDefault(demand.group(), Map.of());
        String only = demand.key();
        if (only != null) {
            return List.copyOf(ofGroup.getOrDefault(only, Set.of()));
        }
        List<Lease> asked = new ArrayList<>();
        ofGroup.forEach((key, leases) -> {
            boolean all = demand.keys().test(key);
            for (Lease lease : leases) {
                if (all || lease.isRevoked()) {
                    asked.add(lease);
                }
            }
        });
        return asked;
    }

    /** Those of one holder. */
    List<Lease> of(LeaseHolder holder) {
        Account account = accounts.get(holder);
        return account == null ? List.of() : List.copyOf(account.leases);
    }

    int count(LeaseHolder holder) {
        Account account = accounts.get(holder);
        return account == null ? 0 : account.leases.size();
    }

    /** Gives a revocation of these leases, all of them the holder's, its number. */
    long number(LeaseHolder holder, List<Lease> revoked) {
        Account account = requireNonNull(accounts.get(holder), "a holder without leases");
        long number = ++lastRevocation;
        account.unconfirmed.put(number, revoked);
        return number;
    }

    /** The leases of a revocation, once; none when there is no such number. */
    List<Lease> confirmed(LeaseHolder holder, long number) {
        Account account = accounts.get(holder);
        List<Lease> confirmed = account == null ? null : account.unconfirmed.remove(number);
        return confirmed == null ? List.of() : confirmed;
    }

    /** All of them, the eldest first. */
    Set<Lease> all() {
        return byAge;
    }

    @Nullable Lease eldest() {
        return byAge.isEmpty() ? null : byAge.iterator().next();
    }
}
