FROM eclipse-temurin:25-jre
RUN useradd --uid 1000 --create-home appuser
COPY libs/ /opt/kafka/libs/
COPY kafka-logback.xml /opt/kafka/
COPY kafka-topics.sh /opt/kafka/bin/
COPY kafka-run /etc/kafka/docker/run
# The wrapper wants the original's defaults to be there; a server.properties is only used when no variable says anything.
RUN mkdir -p /opt/kafka/config /var/lib/kafka/data /mnt/shared/config \
    && touch /etc/kafka/docker/server.properties /etc/kafka/docker/log4j2.yaml /etc/kafka/docker/tools-log4j2.yaml \
    && chown -R appuser /opt/kafka/config /var/lib/kafka /mnt/shared/config /etc/kafka
USER appuser
VOLUME ["/var/lib/kafka/data", "/mnt/shared/config"]
CMD ["/etc/kafka/docker/run"]
