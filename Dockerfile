# Motif's page in a container: as nobody in particular, without CUDA, asked every half minute whether it is alive.
#
#   docker build --build-arg MOTIF_TORCH_INDEX=… -t motif .    a pip index of torch's CPU builds: PyTorch's installation
#   docker run --rm -p 7860:7860 motif                         page names it. Without it torch brings gigabytes of CUDA.
#
# compose.yaml puts it behind a proxy. What can be set: docs/hosting.md.

FROM python:3.11-slim-bookworm AS build
ARG MOTIF_TORCH_INDEX
RUN test -n "$MOTIF_TORCH_INDEX" || { echo "Name a pip index of torch's CPU builds: --build-arg MOTIF_TORCH_INDEX=…"; exit 1; }
WORKDIR /source
COPY constraints.txt .
RUN python -m venv /motif \
    && /motif/bin/pip install --no-cache-dir --index-url "$MOTIF_TORCH_INDEX" --no-deps "$(grep '^torch==' constraints.txt)"
COPY pyproject.toml setup.py MANIFEST.in README.md LICENSE ./
COPY checkpoints checkpoints
COPY library library
COPY composer composer
RUN /motif/bin/pip install --no-cache-dir --constraint constraints.txt ".[humming,metrics]" \
    && /motif/bin/pip uninstall --yes --quiet pip

FROM python:3.11-slim-bookworm
COPY packages.txt /tmp/
RUN apt-get update && xargs apt-get install --yes --no-install-recommends < /tmp/packages.txt \
    && rm -rf /var/lib/apt/lists/* /tmp/packages.txt \
    && useradd --uid 1000 --no-create-home motif
COPY --from=build /motif /motif
# Nothing is written but files of visitors and caches of libraries, all below /tmp: the rest may be read-only.
ENV PATH=/motif/bin:$PATH HOME=/tmp MPLCONFIGDIR=/tmp/matplotlib PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860 GRADIO_TEMP_DIR=/tmp/motif MOTIF_LOG=json
USER motif
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/health', timeout=4)"]
CMD ["motif"]
