# A newsroom in a container. docs/operating.md says how to run it; the root file system may be read-only.
#
#   docker build -t newsroom-feeds .

FROM python:3.11-slim AS build
WORKDIR /source
RUN python -m venv /opt/feeds
COPY docs/deploy/constraints.txt ./
RUN /opt/feeds/bin/pip install --no-cache-dir --require-hashes -r constraints.txt
COPY pyproject.toml README.md LICENSE ./
COPY feeds feeds
RUN /opt/feeds/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
# For the pictures beside links on other sites; empty leaves them out. fonts-noto-cjk has Chinese, Japanese and Korean.
ARG FONTS="fonts-noto-core libfribidi0"
RUN if [ -n "$FONTS" ]; then \
      apt-get update -qq && apt-get install -y -qq --no-install-recommends $FONTS && rm -rf /var/lib/apt/lists/*; \
    fi
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin newsroom \
 && install --directory --owner 10001 --group 10001 --mode 0750 /state
COPY --from=build /opt/feeds /opt/feeds
ENV PATH=/opt/feeds/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    FEEDS_DATA=/data \
    FEEDS_STATE=/state
VOLUME ["/state"]
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["feeds"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
