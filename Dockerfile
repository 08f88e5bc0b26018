# floorpulse: one image for worker, exporter, topics and every other command. No image was built of it yet: docs/operations.md says what was checked.
FROM python:3.11.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# For the core alone, which is compiled below: packages come as wheels.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
# The environment first: it changes with the locks alone.
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/floorpulse \
 && /opt/floorpulse/bin/python -m pip install --require-hashes --only-binary :all: -r requirements/run.txt
# Then the wheel of this tree. What builds it stays here: in an environment of its own, from the lock of development.
COPY requirements/dev.txt requirements/dev.txt
RUN python -m venv /opt/builder \
 && sed -n '/^\(cython\|setuptools\)==/,/[^\\]$/p' requirements/dev.txt > requirements/build.txt \
 && /opt/builder/bin/python -m pip install --require-hashes --only-binary :all: -r requirements/build.txt
COPY pyproject.toml setup.py README.md LICENSE ./
COPY kpi_state kpi_state
COPY streams streams
COPY exporters exporters
COPY floorpulse floorpulse
RUN FLOORPULSE_COMPILE=1 /opt/builder/bin/python -m pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /dist . \
 && /opt/floorpulse/bin/python -m pip install --no-deps --no-index /dist/*.whl \
 && /opt/floorpulse/bin/python -m pip uninstall --yes pip setuptools

FROM python:3.11.13-slim-bookworm
# Zones of the system, newer than those of the Python package whenever the image is built again.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 floorpulse \
 && useradd --uid 10001 --gid floorpulse --no-create-home --home-dir /floor --shell /usr/sbin/nologin floorpulse
COPY --from=build /opt/floorpulse /opt/floorpulse
# The process lives when this answers; a worker needs a port of its own choice (`--listen`), and its address here.
ENV PATH=/opt/floorpulse/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HEALTH_URL=http://127.0.0.1:9464/healthz
# A floor.toml mounted here is found.
WORKDIR /floor
USER 10001:10001
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(os.environ['HEALTH_URL'], timeout=4)"]
ENTRYPOINT ["floorpulse"]
CMD ["--help"]
