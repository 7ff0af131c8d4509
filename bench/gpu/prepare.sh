#!/bin/sh
# prepare.sh WHEEL [FOLDER]: what a GPU machine without a network lacks, as parts that fit into uploads of 64 MiB beside the
# repository's own files, which travel each time. WHEEL: onnxruntime-gpu of onnxruntime-node's version, fetched by
#   pip download --no-deps --python-version 3.12 --platform manylinux_2_28_x86_64 --only-binary=:all: onnxruntime-gpu==1.30.0
# SLIM=90 leaves only the kernels of an H100 or H200 in the provider, which then takes half the parts (slim.py; others: 75 T4,
# 80 A100, 86 A10G, 89 L4 and L40S).
# FOLDER (default .gpu, ignored by git) then holds part-aa, part-ab, …: carry one in each call, and keep it there:
#   mkdir -p /tmp/gpu && cp .gpu/part-* /tmp/gpu/
# In the last call, with all of them there: bench/gpu/run.sh
set -eu
wheel=$1
folder=${2:-.gpu}
limit=$((62 * 1024 * 1024))
cd "$(dirname "$0")/../.."
tracked=$(git ls-files -z | xargs -0 stat -c %s | awk '{ sum += $1 } END { print sum }')
part=${PART_BYTES:-$((limit - tracked))}
[ "$part" -gt 1000000 ] || { echo "the repository's own files leave no room for parts: $tracked bytes" >&2; exit 1; }
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
libraries=node_modules/onnxruntime-node/bin/napi-v6/linux/x64
mkdir -p "$stage/$libraries" "$folder"
for name in libonnxruntime_providers_cuda.so libonnxruntime_providers_shared.so; do
  unzip -p "$wheel" "onnxruntime/capi/$name" > "$stage/$libraries/$name"
done
[ -z "${SLIM:-}" ] || python3 bench/gpu/slim.py "$stage/$libraries/libonnxruntime_providers_cuda.so" "$SLIM"
cp -r --parents node_modules/node node_modules/commander node_modules/zod node_modules/yaml node_modules/onnxruntime-common \
  node_modules/@echogarden/fvad-wasm node_modules/onnxruntime-node/package.json node_modules/onnxruntime-node/dist \
  "$libraries" "$stage/"
rm -f "$folder"/part-*
tar -C "$stage" -c node_modules | gzip "-${GZIP_LEVEL:-6}" | split -b "$part" - "$folder/part-"
cat "$folder"/part-* | sha256sum | cut -d ' ' -f 1 > "$folder/parts.sha256"
ls -l "$folder"
