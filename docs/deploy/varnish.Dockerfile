# Varnish with xkey and the configuration of docs/varnish.vcl, in front of two replicas. compose.yaml builds it.

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends varnish varnish-modules \
 && rm -rf /var/lib/apt/lists/*
COPY varnish.vcl /etc/varnish/newsroom.vcl
COPY deploy/replicas.vcl /etc/varnish/replicas.vcl
EXPOSE 80 6082
