FROM sluice-standin/base
# On Debian 12 /bin is /usr/bin: both are where the original has them.
RUN mkdir -p /prometheus && chown nobody /prometheus
USER nobody
WORKDIR /prometheus
VOLUME ["/prometheus"]
ENTRYPOINT ["/bin/prometheus"]
