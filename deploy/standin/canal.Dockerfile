FROM eclipse-temurin:25-jre
RUN useradd --uid 500 --create-home admin && mkdir -p /home/admin/canal-server/conf /home/admin/canal-server/bin
COPY libs/ /home/admin/canal-server/lib/
COPY canal-logback.xml /home/admin/canal-server/conf/logback.xml
COPY canal-app.sh /home/admin/app.sh
WORKDIR /home/admin
CMD ["/home/admin/app.sh"]
