#!/bin/bash
# The users of Canal, of the nodes and of the sync service, and the table that Sluice writes to. The MySQL image runs
# this once, on an empty data directory. For a MySQL of your own run the same statements as an administrator.
set -eu
MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql -u root <<SQL
-- mysql_native_password: Canal's own driver can crash on a second login with the other one.
CREATE USER 'canal'@'%' IDENTIFIED WITH mysql_native_password BY '${CANAL_PASSWORD}';
GRANT SELECT, SHOW VIEW, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'canal'@'%';

-- Only what the load queries read.
CREATE USER 'sluice'@'%' IDENTIFIED BY '${SLUICE_DB_PASSWORD}';
GRANT SELECT ON school.* TO 'sluice'@'%';

CREATE DATABASE sluice;
CREATE TABLE sluice.heartbeat (id INT UNSIGNED NOT NULL PRIMARY KEY, source VARCHAR(128) NOT NULL, instance VARCHAR(128) NOT NULL,
  beat BIGINT UNSIGNED NOT NULL, written DATETIME(3) NOT NULL) ENGINE=InnoDB;
-- For docker-compose.yml's service "first-transaction".
CREATE TABLE sluice.canal_start (id INT NOT NULL PRIMARY KEY, started DATETIME NOT NULL) ENGINE=InnoDB;
CREATE USER 'sluice_sync'@'%' IDENTIFIED BY '${SLUICE_SYNC_PASSWORD}';
GRANT SELECT, INSERT, UPDATE ON sluice.* TO 'sluice_sync'@'%';
GRANT DELETE ON sluice.canal_start TO 'sluice_sync'@'%';
SQL
