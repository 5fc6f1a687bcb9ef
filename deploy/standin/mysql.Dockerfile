FROM sluice-standin/base
RUN useradd --system --no-create-home mysql && mkdir -p /var/lib/mysql /var/run/mysqld /etc/mysql/conf.d /docker-entrypoint-initdb.d \
    && chown mysql /var/lib/mysql /var/run/mysqld
COPY mysql/ /opt/mysql/
COPY my.cnf /etc/my.cnf
COPY mysql-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
RUN ln -s /opt/mysql/bin/* /usr/bin/
VOLUME ["/var/lib/mysql"]
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["mysqld"]
