#!/bin/bash
# As the original: as root it gives the directory to "admin" (the files that are mounted read-only stay as they are), then
# runs Canal in bin/ as that user. Variables named like a setting win, which bash passes on though it cannot name them.
home=/home/admin/canal-server
mkdir -p $home/data $home/logs/sluice
chown -R admin: $home 2>/dev/null
cd $home/bin || exit 1
# shellcheck disable=SC2086 # the options are words
exec setpriv --reuid=admin --regid=admin --clear-groups "$JAVA_HOME/bin/java" -Xms256m -Xmx512m ${JAVA_OPTS:-} \
    -Dlogback.configurationFile=$home/conf/logback.xml -Dcom.google.protobuf.use_unsafe_pre22_gencode \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$home/lib/*" \
    io.sluice.devstack.canal.CanalLauncher $home/conf/canal.properties $home/conf/sluice/instance.properties
