#!/bin/bash
# As the original on an empty data directory: initialises it, starts a server without TCP, sets the administrator's password
# (not in the binlog), runs /docker-entrypoint-initdb.d, and stops it again. Only what docker-compose.yml relies on.
set -euo pipefail
root() {
    MYSQL_PWD=${MYSQL_ROOT_PASSWORD_SET:-} mysql -u root "$@"
}
if [ ! -d /var/lib/mysql/mysql ]; then
    : "${MYSQL_ROOT_PASSWORD:?}"
    [ "${MYSQL_ROOT_HOST:-}" = localhost ] || { echo "this stand-in knows MYSQL_ROOT_HOST=localhost only" >&2; exit 1; }
    mysqld --initialize-insecure
    mysqld --daemonize --skip-networking
    root -e "SET SESSION sql_log_bin = 0; ALTER USER 'root'@'localhost' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD'"
    export MYSQL_ROOT_PASSWORD_SET=$MYSQL_ROOT_PASSWORD
    for file in /docker-entrypoint-initdb.d/*; do
        echo "running $file"
        case $file in
            *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
            *.sql) root <"$file" ;;
        esac
    done
    root -e SHUTDOWN
    while [ -e /var/run/mysqld/mysqld.pid ]; do sleep 0.1; done
    unset MYSQL_ROOT_PASSWORD_SET
    echo "MySQL init process done. Ready for start up."
fi
exec "$@"
