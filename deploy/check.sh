#!/usr/bin/env bash
# Starts docker-compose.yml for real and puts it to the test, on a machine that need not be able to pull an image: in a
# Docker engine of its own (own network, own processes, own data, nothing of it is left) with stand-ins for the images of
# others, see standin/README.md. Grafana has no stand-in and is left out.
#
#   ./sluice compose-check    about five minutes; root; exit status 0 only if every step did what it says
#
# Needs, of Debian: docker.io docker-compose debootstrap iptables iproute2. Keeps the base image in the cache of ./sluice.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# ./sluice finds the JDK and builds first.
[ "${1:-}" = --built ] || exec "$root/sluice" compose-check
cache=${SLUICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sluice}
base=$cache/compose-base-2.tar
work=$(mktemp -d "${TMPDIR:-/tmp}/sluice-check.XXXXXX")
engine=''
started=$SECONDS

say() {
    printf '%4d s  %s\n' $((SECONDS - started)) "$*"
}

fail() {
    say "FAILED: $*" >&2
    exit 1
}

cleanup() {
    local status=$?
    trap - EXIT INT TERM
    if [ -n "$engine" ] && kill -0 "$engine" 2>/dev/null; then
        if [ $status -ne 0 ]; then
            compose ps 2>/dev/null || true
            compose logs --no-color --tail=40 >"/tmp/sluice-check-failed.log" 2>&1 || true
            echo "The ends of all logs: /tmp/sluice-check-failed.log" >&2
        fi
        docker rm -f sluice-check-client >/dev/null 2>&1 || true
        compose down -v --remove-orphans >/dev/null 2>&1 || true
        # The engine is the first process of its own PID namespace: nothing of it outlives it.
        kill -TERM "$(cat "$work/docker.pid" 2>/dev/null || echo "$engine")" 2>/dev/null || true
        for _ in $(seq 150); do kill -0 "$engine" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "$engine" 2>/dev/null || true
        wait "$engine" 2>/dev/null || true
    fi
    rm -rf "$work"
    [ $status -eq 0 ] && say "everything is stopped and removed"
    exit $status
}

compose() {
    # Its builder is part of this old Compose; the newer one is a plugin that Debian does not have.
    COMPOSE_DOCKER_CLI_BUILD=0 DOCKER_BUILDKIT=0 \
        docker-compose -p sluice-check -f "$root/docker-compose.yml" --env-file "$work/env" "$@"
}

build() { # build NAME DOCKERFILE FILE...: an image of files that are linked into a directory
    local name=$1 dockerfile=$2 file context
    shift 2
    context=$(mktemp -d "$work/context.XXXXXX")
    for file in "$@"; do
        case $file in
            *=*) mkdir -p "$context/${file%%=*}" && cp -a --reflink=auto "${file#*=}"/. "$context/${file%%=*}" ;;
            *) cp "$root/deploy/standin/$file" "$context/" ;;
        esac
    done
    DOCKER_BUILDKIT=0 docker build -q -t "$name" -f "$root/deploy/standin/$dockerfile" "$context" >/dev/null 2>"$work/build.log" \
        || { cat "$work/build.log" >&2; fail "building $name"; }
    rm -rf "$context"
}

need() {
    local command
    [ "$(id -u)" = 0 ] || fail "a Docker engine of its own needs root"
    for command in dockerd docker docker-compose debootstrap iptables ip unshare nsenter; do
        command -v "$command" >/dev/null || fail "$command is missing: apt-get install docker.io docker-compose debootstrap iptables iproute2"
    done
    [ -x "$cache/mysql-8.0.33/bin/mysqld" ] || fail "MySQL is not in $cache yet: ./sluice demo --once fetches it"
}

base_image() {
    if [ ! -e "$base" ]; then
        say "making a Debian base image (kept in $cache)"
        debootstrap --variant=minbase \
            --include=libaio1,libnuma1,libncurses6,ca-certificates,netbase,procps,wget,etcd-server,etcd-client,prometheus \
            bookworm "$work/rootfs" >"$work/debootstrap.log" 2>&1 || { tail -20 "$work/debootstrap.log" >&2; fail "debootstrap"; }
        rm -rf "$work/rootfs/var/cache/apt/archives" "$work/rootfs/var/lib/apt/lists"
        mkdir -p "$cache"
        tar -C "$work/rootfs" -c . >"$base.partial"
        mv "$base.partial" "$base"
        rm -rf "$work/rootfs"
    fi
    docker import "$base" sluice-standin/base >/dev/null
}

start_engine() {
    export DOCKER_HOST=unix://$work/docker.sock
    # Network, mounts and processes of its own: no rule, no bridge and no mount stays, whatever happens.
    unshare --net --mount --pid --fork --kill-child --mount-proc sh -c "
        ip link set lo up
        exec dockerd --data-root '$work/data' --exec-root '$work/exec' --pidfile '$work/dockerd.pid' \
            --host '$DOCKER_HOST' --bridge none --log-level warn" >"$work/dockerd.log" 2>&1 &
    engine=$!
    for _ in $(seq 300); do
        if docker version >/dev/null 2>&1; then
            # unshare's only child is the engine.
            ps -o pid= --ppid "$engine" | tr -d ' ' >"$work/docker.pid"
            return
        fi
        kill -0 "$engine" 2>/dev/null || break
        sleep 0.1
    done
    tail -20 "$work/dockerd.log" >&2
    fail "the Docker engine does not start"
}

jars_of() { # jars_of MODULE DIRECTORY: the class path that the build wrote down for the module
    mkdir -p "$2"
    tr ':' '\n' <"$root/devstack/$1/target/classes/META-INF/sluice/$1.classpath" | xargs -I{} cp {} "$2"
}

images() {
    say "building the stand-ins"
    base_image
    mkdir -p "$work/jdk"
    (cd "$JAVA_HOME" && tar -c --exclude=./jmods --exclude=./lib/src.zip --exclude=./include --exclude=./man .) | tar -x -C "$work/jdk"
    build eclipse-temurin:25-jre java.Dockerfile "jdk=$work/jdk"
    rm -rf "$work/jdk"

    jars_of kafka-broker "$work/kafka"
    # The command that makes topics is in a jar that the broker does not need.
    [ -e "$cache/kafka-tools.jar" ] || fetch_kafka_tools
    cp "$cache/kafka-tools.jar" "$work/kafka"
    build apache/kafka:4.4.0 kafka.Dockerfile "libs=$work/kafka" kafka-run kafka-topics.sh kafka-logback.xml

    jars_of canal-server "$work/canal"
    cp "$root"/cli/target/lib/sluice-canal-server-*.jar "$work/canal"
    build canal/canal-server:v1.1.8 canal.Dockerfile "libs=$work/canal" canal-app.sh canal-logback.xml

    build mysql:8.0 mysql.Dockerfile "mysql=$cache/mysql-8.0.33" mysql-entrypoint.sh my.cnf
    build quay.io/coreos/etcd:v3.6.16 etcd.Dockerfile
    build prom/prometheus:v3.5.0 prometheus.Dockerfile
    rm -rf "$work/kafka" "$work/canal"
    say "building the image of Sluice"
    compose build -q node-1 || fail "building the image of Sluice"
}

fetch_kafka_tools() {
    local version
    version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$root/pom.xml")
    mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy -Dmdep.stripVersion=true \
        "-Dartifact=org.apache.kafka:kafka-tools:$version" "-DoutputDirectory=$cache" || fail "fetching kafka-tools"
}

await() { # await SECONDS WHAT COMMAND...
    local patience=$1 what=$2 begin=$SECONDS
    shift 2
    until "$@" >"$work/last" 2>&1; do
        [ $((SECONDS - begin)) -lt "$patience" ] || { cat "$work/last" >&2; fail "$what: not within $patience s"; }
        sleep 0.2
    done
}

healthy() {
    local id
    for service in "$@"; do
        id=$(compose ps -q "$service") && [ "$(docker inspect -f '{{.State.Health.Status}}' "$id")" = healthy ] || return 1
    done
}

sluice() {
    docker exec sluice-check-client /opt/sluice/bin/sluice "$@"
}

sql() {
    compose exec -T mysql bash -c 'MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql -u root -N school' <<<"$1"
}

# nodes GROUP KEY WHAT NODE...: all of them answer that, at some time in the next 90 seconds
nodes() {
    docker exec sluice-check-client bash -c 'exec java -Dlogback.configurationFile=sluice-logback.xml -DSLUICE_LOG_LEVEL=ERROR -Xmx96m -XX:TieredStopAtLevel=1 -cp "/tmp/tools:$(cat /opt/sluice/classpath)" "$@"' \
        bash Ask http://etcd:2379 "$@" >"$work/answer" 2>"$work/answer.err" \
        || { cat "$work/answer" >&2; tail -3 "$work/answer.err" >&2; fail "$1 $2 is not as expected"; }
}

every_node() {
    nodes "$@" node-1 node-2 node-3
}

# gtids: the topic has messages, and every one has a GTID set
gtids() {
    local found
    found=$(compose exec -T kafka bash -c "grep -aoh '\"gtid\":\"[^\"]*\"' /var/lib/kafka/data/sluice-binlog-*/*.log")
    [ -n "$found" ] && ! grep -q '""' <<<"$found"
}

up() {
    say "docker-compose up"
    compose up -d mysql first-transaction kafka topics etcd canal node-1 node-2 node-3 sync-1 prometheus >"$work/up.log" 2>&1 \
        || { tail -20 "$work/up.log" >&2; fail "docker-compose up"; }
    await 300 "all services healthy" healthy mysql kafka etcd canal node-1 node-2 node-3 sync-1 prometheus
    say "all services are healthy"
    docker run -d --name sluice-check-client --network sluice-check_default -e SLUICE_ETCD=http://etcd:2379 \
        -e SLUICE_JAVA_OPTS=-Xmx96m --entrypoint sleep sluice:local infinity >/dev/null
    "$JAVA_HOME/bin/javac" -cp "$root/cli/target/lib/*" -d "$work/tools" "$root"/deploy/standin/{Ask,Reads}.java
    docker cp "$work/tools" sluice-check-client:/tmp/tools
}

scenario() {
    nodes student 42 memory node-1
    say "loaded once, then answered from memory"
    every_node student 42 'text="Student 42"'

    sql "UPDATE students SET name = 'Ada' WHERE id = 42"
    every_node student 42 'text="Ada"'
    nodes student 42 memory node-1
    say "UPDATE in MySQL: every node answers the new row, and it is kept"
    # Messages without a position would leave Sluice with the order of arrival.
    gtids || fail "Canal sends no GTIDs"
    say "Canal's messages carry GTIDs"

    every_node student 5000 none
    sql "INSERT INTO students VALUES (5000, 'Grace', 7, 99.00)"
    every_node student 5000 'text="Grace"'
    sql "DELETE FROM students WHERE id = 5000"
    every_node student 5000 none
    say "INSERT is found, DELETE is not found any more"

    every_node class-roster 43 'text="Class 43"'
    sql "UPDATE classes SET title = 'Analysis' WHERE id = 43"
    every_node class-roster 43 'text="Analysis"'
    say "a roster of two tables follows a change of one of them"

    await 90 "a Remove by hand" sluice remove student 42
    say "an application's Remove is acknowledged by every holder"
}

kill_a_node() {
    local reader
    docker exec sluice-check-client bash -c 'exec java -Dlogback.configurationFile=sluice-logback.xml -DSLUICE_LOG_LEVEL=ERROR -Xmx128m -cp "/tmp/tools:$(cat /opt/sluice/classpath)" Reads http://etcd:2379 40' \
        >"$work/reads" 2>"$work/reads.err" &
    reader=$!
    sleep 15
    docker kill "$(compose ps -q node-2)" >/dev/null
    wait "$reader" || { tail -5 "$work/reads.err" >&2; fail "reads during the kill of a node: $(cat "$work/reads")"; }
    say "kill of a node while an application reads: $(cat "$work/reads")"
    await 90 "a ring without node-2" ring_of node-1 node-3
    sql "UPDATE students SET name = 'Emmy' WHERE id = 205"
    nodes student 205 'text="Emmy"' node-1 node-3
    compose up -d --no-deps node-2 >/dev/null 2>&1
    await 180 "node-2 back" healthy node-2
    await 120 "a ring with node-2" ring_of node-1 node-2 node-3
    every_node student 205 'text="Emmy"'
    say "changes arrive without the node, and it comes back"
}

# ring_of NODE...: one ring, active, of these nodes
ring_of() {
    local shown
    shown=$(sluice ring) || return 1
    [ "$(grep -oE '\bnode-[0-9]+@' <<<"$(grep -vE '^topology' <<<"$shown")" | sort -u | tr -d '@' | tr '\n' ' ')" = "$* " ]
}

restart_the_sync_service() {
    every_node student 301 'text="Student 301"'
    docker kill "$(compose ps -q sync-1)" >/dev/null
    sql "UPDATE students SET name = 'Lise' WHERE id = 301"
    compose up -d --no-deps sync-1 >/dev/null 2>&1
    await 180 "sync-1 back" healthy sync-1
    every_node student 301 'text="Lise"'
    say "kill of the sync service: what changed meanwhile arrives when it is back"
}

# stops SERVICE STATUS: on SIGTERM it ends with this status, after it said so
stops() {
    local id status
    id=$(compose ps -q "$1")
    compose stop "$1" >/dev/null 2>&1
    status=$(docker inspect -f '{{.State.ExitCode}}' "$id")
    [ "$status" = "$2" ] || fail "$1 ended with status $status on SIGTERM"
    docker logs "$id" 2>&1 | tail -5 | grep -q Stopped || fail "$1 did not stop in an orderly way"
}

stop_cleanly() {
    stops node-3 0
    # 143: what a JVM makes of SIGTERM, however clean the stop.
    stops sync-1 143
    say "SIGTERM: node and sync service stop in an orderly way"
}

ask_prometheus() {
    compose exec -T prometheus /bin/promtool query instant http://127.0.0.1:9090 "$1"
}

all_scraped() {
    [ "$(ask_prometheus 'up{job=~"sluice-.*"} == 1' | grep -c sluice-)" = 4 ]
}

prometheus() {
    await 120 "Prometheus reaching three nodes and the sync service" all_scraped
    compose exec -T prometheus /bin/promtool check config /etc/prometheus/prometheus.yml >"$work/last" 2>&1 \
        || { cat "$work/last" >&2; fail "Prometheus' configuration"; }
    say "Prometheus scrapes three nodes and the sync service, and takes the alert rules; alarms now:"
    # CanalDown is right: the stand-in has no metrics.
    ask_prometheus 'sum by (alertname, alertstate) (ALERTS)' | sed 's/ => .*//; s/^/             /'
}

# What is published can be reached at 127.0.0.1 and at no other address.
published() {
    local listening
    listening=$(nsenter -t "$(cat "$work/docker.pid")" -n ss -Hltn | awk '{ print $4 }' | sort -u)
    grep -qF "127.0.0.1:$node_port" <<<"$listening" || fail "nothing listens on 127.0.0.1:$node_port"
    if grep -vE '^(127\.0\.0\.[0-9]+|\[::1\]):' <<<"$listening"; then
        fail "the ports above are published on more than 127.0.0.1"
    fi
    say "ports are published on 127.0.0.1 only: $(tr '\n' ' ' <<<"$listening")"
}

settings() {
    node_port=17401
    # Not the .env of who works here: other passwords, other ports.
    sed -n '/^#/d; s/^\([A-Z_]*_PASSWORD\)=.*/\1=check/p' "$root/.env.example" >"$work/env"
    printf '%s\n' PROMETHEUS_PORT=19090 GRAFANA_PORT=13000 NODE_1_PORT=$node_port NODE_2_PORT=17402 NODE_3_PORT=17403 >>"$work/env"
}

trap cleanup EXIT
trap 'exit 130' INT TERM
need
settings
start_engine
images
up
published
scenario
prometheus
kill_a_node
restart_the_sync_service
stop_cleanly
say "the compose file does what it says"
