FROM sluice-standin/base
RUN ln -s /usr/bin/etcd /usr/bin/etcdctl /usr/local/bin/
ENV ETCDCTL_API=3
CMD ["/usr/local/bin/etcd"]
