package io.sluice.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds settings of the server with which changes are not seen, or not in full. Stateless. */
final class SettingsCheck {
    private static final Pattern TAGGED = Pattern.compile(":\\s*[A-Za-z_]");

    private SettingsCheck() {}

    static List<Finding> check(Source source, Schema schema) {
        List<Finding> findings = new ArrayList<>();
        if (source.coherence() == Coherence.NONE) {
            return findings;
        }
        String place = "sources." + source.name();
        wants(findings, place, schema, "log_bin", "ON", "without a binlog no change is seen");
        wants(findings, place, schema, "binlog_format", "ROW", "changes logged as statements clear whole groups");
        wants(findings, place, schema, "binlog_row_image", "FULL", "partial row images clear whole groups");
        if (!schema.setting("binlog_row_value_options").isEmpty()) {
            findings.add(Finding.error(
                    "setting",
                    place,
                    "binlog_row_value_options is " + schema.setting("binlog_row_value_options")
                            + ": JSON columns are logged in part, and Canal cannot read that",
                    "SET PERSIST binlog_row_value_options = ''"));
        }
        if (schema.setting("log_replica_updates").equalsIgnoreCase("OFF")
                || schema.setting("log_slave_updates").equalsIgnoreCase("OFF")) {
            findings.add(Finding.warning(
                    "setting",
                    place,
                    "log_replica_updates is OFF: if this server is a replica, what it takes over is not in its binlog;"
                            + " let Canal follow the primary, or turn it on"));
        }
        if (!schema.setting("com_xa_prepare").matches("0?")) {
            findings.add(new Finding(
                    Finding.Severity.NOTE,
                    "xa",
                    place,
                    "XA transactions were prepared on this server: Canal tells their rows at PREPARE and says nothing at"
                            + " COMMIT, so what is loaded between the two stays until its ttl; keep XA away from tables"
                            + " that are cached",
                    ""));
        }
        if (source.coherence() == Coherence.GTID) {
            if (TAGGED.matcher(schema.setting("gtid_executed")).find()) {
                findings.add(Finding.error(
                        "setting",
                        place,
                        "gtid_executed holds tagged GTIDs, which no position can name: let no session set gtid_next to"
                                + " AUTOMATIC:tag",
                        ""));
            }
            wants(findings, place, schema, "gtid_mode", "ON", "positions mean nothing without it");
            wants(
                    findings,
                    place,
                    schema,
                    "binlog_order_commits",
                    "ON",
                    "a position may name changes that are not visible yet");
        }
        return findings;
    }

    private static void wants(
            List<Finding> findings, String place, Schema schema, String name, String wanted, String why) {
        String value = schema.setting(name);
        boolean right = value.equalsIgnoreCase(wanted) || (wanted.equals("ON") && value.equals("1"));
        // MySQL 9 has dropped some that can only be right there.
        if (!value.isEmpty() && !right) {
            findings.add(Finding.error(
                    "setting",
                    place,
                    name + " is " + value + ": " + why,
                    name.equals("log_bin") || name.equals("gtid_mode")
                            ? name + " = " + wanted + " in the server's configuration"
                            : "SET PERSIST " + name + " = " + wanted));
        }
    }
}
