# mbls-sync in a container: built in one stage, run in another, as a user without rights.
# `.ci/run` replays the install steps; see README.md, The container.

FROM python:3.12-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY .container .container
COPY mbls_sync mbls_sync
COPY config config
COPY plugins plugins
RUN .container/install /source /opt/mbls-sync

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="mbls-sync" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 mbls && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin mbls \
    && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /opt/mbls-sync /opt/mbls-sync
# One thread of arithmetic is enough; numpy would start one a core, and a server's many cores meet `pids_limit`.
ENV PATH=/opt/mbls-sync/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OPENBLAS_NUM_THREADS=1
USER 10001:10001
VOLUME /data
WORKDIR /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 CMD ["mbls-sync", "-C", "/data", "healthcheck"]
ENTRYPOINT ["mbls-sync", "-C", "/data"]
CMD ["run"]
