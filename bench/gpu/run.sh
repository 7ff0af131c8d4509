#!/bin/bash
# run.sh: everything that is to be measured on a card, within ten minutes, where prepare.sh's parts lie in $PARTS (default
# /tmp/gpu). Each step leaves its file in $OUT (default bench/results) and is left out where that is there already: after
# an interruption, start it again. BUDGET (seconds, default 570) ends it in time. SMALL=1 tries it all on a CPU, in small.
# MAKE= (empty) makes no packs: those that lie in $WORK/packs, by make-packs.sh, are measured. Logs: $WORK/*.log.
set -u
cd "$(dirname "$0")/../.."
PARTS=${PARTS:-/tmp/gpu}
OUT=${OUT:-bench/results}
WORK=${WORK:-/tmp/gpu-work}
SMALL=${SMALL:-}
PYTHON=${PYTHON:-python3}
BUDGET=${BUDGET:-${SMALL:+6000}}
BUDGET=${BUDGET:-570}
MAKE=${MAKE-1}
MODELS=${MODELS:-moe-1b dense-225m dense-1b}
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
    # What it said until then may hold figures.
    cp "$WORK/$file.log" "$OUT/${file%.*}.log"
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
import glob, importlib.util
found = importlib.util.find_spec("nvidia")  # CUDA 12: nvidia/cublas/lib and so on; CUDA 13: nvidia/cu13/lib, nvidia/cudnn/lib
for base in found.submodule_search_locations if found else []:
    print(":".join(glob.glob(f"{base}/*/lib")), end=":")
PY
}

unpack || { echo "the parts in $PARTS do not unpack"; exit 1; }
if [ -n "$SMALL" ]; then
  DEVICES=cpu
  PRECISION=single
  BENCH="--batches 2 --minutes 0.1 --runs 1 --gemm-rows 8 --recordings 0 --latency-seconds 1 --latency-runs 1"
  CLIPS='"seconds":2,"runs":1'
  FEW="[1,2]"
  MOST=2
  MANY="[3]"
  SHORT="[1,2]"
  ANCHOR="--batches 1 2 --seconds 2 --runs 1 --size 32 --heads 2 --layers 2 --hidden 48"
  COMPILED="--models dense-225m $ANCHOR"
else
  DEVICES=cuda
  PRECISION=half
  export LD_LIBRARY_PATH="$(library_path)${LD_LIBRARY_PATH:-}"
  # Products, latency and texts have what the whole step's limit leaves.
  BENCH="--batches 64 --minutes ${MINUTES:-60} --limit 30 --runs 2 --gemm-rows 6000 24000 --recordings 0"
  CLIPS='"seconds":15,"runs":2'
  FEW="[1,16,64]"
  MOST=64
  MANY="[88,128,256]"
  SHORT="[1,16,64,256]" # of a small model
  ANCHOR="--batches 1 16 64 256 --runs 3"
  COMPILED="--batches 64 --runs 3 --compile"
fi
making=
if [ -n "$MAKE" ]; then
  # In a group of its own, so that all of it can be ended.
  PYTHON=$PYTHON SMALL=$SMALL WORK=$WORK setsid bench/gpu/make-packs.sh $MODELS &
  making=$!
  trap 'kill -- -$making 2> /dev/null' EXIT
fi

# As long as the budget leaves time to measure it.
await_pack() {
  while [ ! -s "$WORK/packs/$1/model.json" ] && [ "$(left)" -gt 60 ] && [ -n "$making" ] && kill -0 "$making" 2> /dev/null; do
    sleep 1
  done
  [ -s "$WORK/packs/$1/model.json" ] || { echo "$1: not made: $(tail -n 1 "$WORK/$1.log" 2> /dev/null)"; return 1; }
}

# engine FILE SECONDS FLAGS…: the whole engine, and one clip's latency.
engine() {
  local file=$1 limit=$2
  shift 2
  step "$file" "$limit" $NODE bench/engine-only.ts gpu --devices "$DEVICES" $BENCH --fixed-batches 0 --json "$@"
}

# fixed FILE SECONDS PACK BATCHES: clips of one length through the graphs, step by step.
fixed() {
  step "$1" "$2" $NODE bench/gpu/fixed-main.ts \
    "{\"model\":\"$3\",\"device\":\"$DEVICES\",\"precision\":\"$PRECISION\",$CLIPS,\"batches\":$4}"
}

# operators FILE SECONDS PACK: what each operator of the encoder's graph takes, alone on the card.
operators() {
  step "$1" "$2" $NODE bench/gpu/operators-main.ts \
    "{\"model\":\"$3\",\"device\":\"$DEVICES\",\"precision\":\"$PRECISION\",$CLIPS,\"utterances\":$MOST,\"threads\":1}"
}

both() {
  await_pack "$1" || return 1
  fixed "$1-fixed.json" 50 "$WORK/packs/$1" "$FEW"
  operators "$1-operators.json" 30 "$WORK/packs/$1"
  engine "$1.json" 80 --packs "$WORK/packs/$1" --no-texts
}

# Sizes whose tensors may have more than 2³¹ elements come apart from the others: the provider may die of them.
many() {
  [ ! -s "$WORK/packs/$1/model.json" ] || fixed "$1-fixed-many.json" 40 "$WORK/packs/$1" "$MANY"
}

BUNDLED=models/u2pp-moe-en-41m
SMALLER=${MODELS/dense-1b/}
step card.txt 20 sh -c 'nvidia-smi || echo "no card"; nproc; free -g'
fixed bundled-fixed.json 40 $BUNDLED "$SHORT"
engine bundled.json 70
if grep -q '"skipped"' "$OUT/bundled.json" 2> /dev/null; then
  # The provider does not load: what is left is Vulkan.
  echo "cuda did not load: $(grep -o '"skipped":"[^"]*' "$OUT/bundled.json")"
  DEVICES=webgpu
  engine bundled-webgpu.json 70
fi
for model in $SMALLER; do both "$model"; done
# While one session copies, the other one's kernels may run.
[ ! -s "$WORK/packs/moe-1b/model.json" ] || engine moe-1b-two-sessions.json 60 --packs "$WORK/packs/moe-1b" --sessions 2 --latency-runs 0 --no-texts
CUDA_VISIBLE_DEVICES=${CUDA_VISIBLE_DEVICES-0} step pytorch.json 60 $PYTHON -m training.measure.encoder_speed $ANCHOR
for model in $SMALLER; do many "$model"; done
[ "$SMALLER" = "$MODELS" ] || both dense-1b
CUDA_VISIBLE_DEVICES=${CUDA_VISIBLE_DEVICES-0} step pytorch-compiled.json 150 $PYTHON -m training.measure.encoder_speed $COMPILED
echo "after $SECONDS s: $(ls "$OUT" | tr '\n' ' ')"
