#!/bin/bash
# run.sh: everything that is to be measured on a card, within ten minutes, where prepare.sh's parts lie in $PARTS (default
# /tmp/gpu). Each step leaves its file in $OUT (default bench/results) and is left out where that is there already: after
# an interruption, start it again. BUDGET (seconds, default 570) ends it in time. SMALL=1 tries it all on a CPU, in small.
set -u
cd "$(dirname "$0")/../.."
PARTS=${PARTS:-/tmp/gpu}
OUT=${OUT:-bench/results}
WORK=${WORK:-/tmp/gpu-work}
SMALL=${SMALL:-}
PYTHON=${PYTHON:-python3}
BUDGET=${BUDGET:-${SMALL:+6000}}
BUDGET=${BUDGET:-570}
MODELS=${MODELS:-dense-225m moe-1b dense-1b}
NODE=node_modules/node/bin/node
mkdir -p "$OUT" "$WORK"

left() { echo $((BUDGET - SECONDS)); }

# step FILE SECONDS COMMAND…: its output is the file, whole or not at all.
step() {
  local file=$1 limit=$2
  shift 2
  [ -s "$OUT/$file" ] && { echo "$file: there already"; return 0; }
  # A trial may share its processor with anything.
  [ -z "$SMALL" ] || limit=$BUDGET
  local most=$(($(left) < limit ? $(left) : limit))
  [ "$most" -lt 5 ] && { echo "$file: no time left"; return 1; }
  local begin=$SECONDS
  if timeout "$most" "$@" > "$WORK/$file" 2> "$WORK/$file.log"; then
    cp "$WORK/$file" "$OUT/$file"
    echo "$file: done in $((SECONDS - begin)) s"
  else
    echo "$file: failed after $((SECONDS - begin)) s: $(tail -n 2 "$WORK/$file.log" | cut -c 1-400)"
    return 1
  fi
}

unpack() {
  [ -e "$WORK/unpacked" ] && return 0
  [ -z "$SMALL" ] || { touch "$WORK/unpacked"; return 0; }
  cat "$PARTS"/part-* | tar xz && touch "$WORK/unpacked"
}

# PyTorch's wheels bring CUDA's libraries.
library_path() {
  $PYTHON - <<'PY'
import glob, sysconfig
for base in {sysconfig.get_paths()["purelib"], sysconfig.get_paths()["platlib"]}:
    print(":".join(glob.glob(f"{base}/nvidia/*/lib")), end=":")
PY
}

make_pack() {
  local model=$1
  shift
  [ -s "$WORK/packs/$model/model.json" ] && return 0
  $LOW $PYTHON -m training.measure.scale --model "$model" --half-graphs --output "$WORK/packs/$model.part" "$@" \
    > "$WORK/$model.log" 2>&1 && mv "$WORK/packs/$model.part" "$WORK/packs/$model"
}

unpack || { echo "the parts in $PARTS do not unpack"; exit 1; }
if [ -n "$SMALL" ]; then
  DEVICES=cpu
  LOW=
  TINY="--size 32 --heads 2 --layers 2 --hidden 48 --vocabulary 400"
  BENCH="--batches 1 2 --minutes 0.1 --runs 1 --gemm-rows 8 --recordings 2 --median 2 --at 1 2 --fixed-seconds 2 --fixed-batches 1 2 --latency-seconds 1 --latency-runs 1"
  SCALE=$BENCH
  ANCHOR="--batches 1 2 --seconds 2 --runs 1 --size 32 --heads 2 --layers 2 --hidden 48"
else
  DEVICES=cuda
  TINY=
  LOW=nice
  export LD_LIBRARY_PATH="$(library_path)${LD_LIBRARY_PATH:-}"
  BENCH="--batches 64 --minutes 30 --runs 2 --gemm-rows 6000 24000 --recordings 0 --fixed-batches 1 64 256"
  SCALE="--batches 64 128 --minutes 30 --runs 2 --gemm-rows 6000 24000 --recordings 0 --fixed-batches 1 16 64 128 256"
  ANCHOR="--compile"
fi
mkdir -p "$WORK/packs"
export OMP_NUM_THREADS=5
# On spare cores, while the card works; the largest comes last: if it is not ready in time, the others are there.
make_packs() {
  for model in $MODELS; do
    [ "$model" != dense-1b ] || wait
    make_pack "$model" $TINY &
  done
  wait
}
make_packs & making=$!
trap 'kill $making 2> /dev/null' EXIT

step card.txt 20 sh -c 'nvidia-smi || echo "no card"; nproc; free -g'
step bundled.json 120 $NODE bench/engine-only.ts gpu --devices $DEVICES $BENCH --json
grep -q '"skipped"' "$OUT/bundled.json" 2> /dev/null && {
  # The provider does not load: what is left is Vulkan.
  echo "cuda did not load: $(grep -o '"skipped":"[^"]*' "$OUT/bundled.json")"
  DEVICES=webgpu
  step bundled-webgpu.json 120 $NODE bench/engine-only.ts gpu --devices webgpu $BENCH --json
}
CUDA_VISIBLE_DEVICES=${CUDA_VISIBLE_DEVICES-0} step pytorch.json 120 $PYTHON -m training.measure.encoder_speed $ANCHOR
for model in $MODELS; do
  # As long as the budget leaves time to measure it.
  while [ ! -s "$WORK/packs/$model/model.json" ] && [ "$(left)" -gt 60 ] && kill -0 $making 2> /dev/null; do sleep 1; done
  [ -s "$WORK/packs/$model/model.json" ] || { echo "$model: not made: $(tail -n 1 "$WORK/$model.log")"; continue; }
  step "$model.json" 150 $NODE bench/engine-only.ts gpu --devices $DEVICES --packs "$WORK/packs/$model" --no-texts $SCALE --json
done
echo "after $SECONDS s: $(ls "$OUT" | tr '\n' ' ')"
