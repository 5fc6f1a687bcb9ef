#!/bin/bash
exec java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlogback.configurationFile=/opt/kafka/kafka-logback.xml \
    -cp '/opt/kafka/libs/*' org.apache.kafka.tools.TopicCommand "$@"
