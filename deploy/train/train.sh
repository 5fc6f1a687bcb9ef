#!/bin/bash
# train.sh HOME: runs a node and a sync service of HOME/classpath until they answer, asks the node for a key, and stops
# them; each JVM writes its cache as it ends.
set -euo pipefail
home=$1
here=$(dirname "$0")

# The options must be those of bin/sluice: the JVM refuses a cache made with others.
java_with() {
    exec java -XX:+UseG1GC -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xlog:aot*=error "$1" \
        -cp "$(cat "$home/classpath")" io.sluice.cli.SluiceMain "${@:2}"
}

await() {
    local i
    for i in $(seq 1500); do
        if "$home/bin/health" /healthz "$1" 2>/dev/null; then
            return
        fi
        sleep 0.2
    done
    echo "train.sh: nothing answers on port $1" >&2
    exit 1
}

java_with "-XX:AOTCacheOutput=$home/node.aot" node --config "$here/node.yaml" &
node=$!
java_with "-XX:AOTCacheOutput=$home/sync.aot" sync --config "$here/sync.yaml" &
sync=$!
await 7480
await 7481
# No MySQL: the answer is an error, after most of the way of a read.
(java_with -Xshare:auto get --members train=127.0.0.1:7400 student 1) || true
kill -TERM "$node" "$sync"
wait "$node" || true
wait "$sync" || true
ls -l "$home"/*.aot
