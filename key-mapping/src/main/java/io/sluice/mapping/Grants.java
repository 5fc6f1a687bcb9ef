package io.sluice.mapping;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a MySQL user may do, read from the lines of {@code SHOW GRANTS}. Immutable. A privilege on some columns of a
 * table counts as one on the table.
 */
public final class Grants {
    private static final String NAME = "(\\*|`(?:[^`]|``)+`)";
    private static final Pattern LINE = Pattern.compile(
            "(GRANT|REVOKE) (.+) ON (?:TABLE )?" + NAME + "\\." + NAME + " (?:TO|FROM) .*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ROLES = Pattern.compile("GRANT (`[^ ]+`@`[^ ]+`) TO .*", Pattern.CASE_INSENSITIVE);
    private static final Pattern COLUMNS = Pattern.compile(" ?\\([^)]*\\)");

    /** Privileges on a part of the server; {@code *} stands for all of it. */
    private record Grant(boolean revoked, Set<String> privileges, String database, String table) {
        boolean covers(String privilege, String ofDatabase, String ofTable) {
            return (privileges.contains(privilege) || privileges.contains("ALL PRIVILEGES"))
                    && (database.equals("*") || isLike(database, ofDatabase))
                    && (table.equals("*") || table.equalsIgnoreCase(ofTable));
        }

        /** {@code _} and {@code %} are wildcards in the database of a grant, unless a backslash stands before. */
        private static boolean isLike(String pattern, String name) {
            StringBuilder expression = new StringBuilder();
            for (int i = 0; i < pattern.length(); i++) {
                char c = pattern.charAt(i);
                if (c == '\\' && i + 1 < pattern.length()) {
                    expression.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
                } else {
                    expression.append(
                            switch (c) {
                                case '%' -> ".*";
                                case '_' -> ".";
                                default -> Pattern.quote(String.valueOf(c));
                            });
                }
            }
            return Pattern.compile(expression.toString(), Pattern.CASE_INSENSITIVE)
                    .matcher(name)
                    .matches();
        }
    }

    private final List<Grant> grants = new ArrayList<>();
    private final List<String> roles = new ArrayList<>();

    /** From the lines as the server prints them. */
    public Grants(List<String> lines) {
        for (String line : lines) {
            Matcher grant = LINE.matcher(line);
            Matcher role = ROLES.matcher(line);
            if (grant.matches()) {
                grants.add(new Grant(
                        grant.group(1).equalsIgnoreCase("REVOKE"),
                        privileges(grant.group(2)),
                        unquoted(grant.group(3)),
                        unquoted(grant.group(4))));
            } else if (role.matches()) {
                roles.add(role.group(1));
            }
        }
    }

    /**
     * The roles that the user was given, as {@code SHOW GRANTS ... USING} takes them; their privileges are not here.
     */
    public List<String> roles() {
        return List.copyOf(roles);
    }

    private static Set<String> privileges(String list) {
        return new LinkedHashSet<>(List.of(
                COLUMNS.matcher(list).replaceAll("").toUpperCase(Locale.ROOT).split(", ?")));
    }

    private static String unquoted(String name) {
        return name.equals("*") ? name : name.substring(1, name.length() - 1).replace("``", "`");
    }

    /** Whether the user has a privilege on a table; on the whole server when both names are {@code *}. */
    boolean allow(String privilege, String database, String table) {
        boolean granted = false;
        for (Grant grant : grants) {
            if (grant.covers(privilege, database, table)) {
                if (grant.revoked()) {
                    return false;
                }
                granted = true;
            }
        }
        return granted;
    }
}
