#!/bin/bash
# make-packs.sh [MODEL…]: packs of the paper's size with random weights, into $WORK/packs; logs: $WORK/MODEL.log. Without the
# card, at the lowest priority, $THREADS (default 5) threads each: it may run while something else measures, before run.sh
# with MAKE=. dense-225m takes 40 s, moe-1b two minutes, beside each other. SMALL=1: packs that are made in seconds.
set -u
cd "$(dirname "$0")/../.."
WORK=${WORK:-/tmp/gpu-work}
PYTHON=${PYTHON:-python3}
[ $# -gt 0 ] || set -- moe-1b dense-225m dense-1b
mkdir -p "$WORK/packs"
SHAPE=
LOW="nice -n 19"
# Narrower ones of random weights are further from their 16-bit graphs than the exporter allows.
if [ -n "${SMALL:-}" ]; then
  SHAPE="--size 256 --heads 2 --layers 2 --hidden 48 --vocabulary 400"
  LOW= # Nothing is measured that they could disturb, and beside other tests they would never be done.
fi
export CUDA_VISIBLE_DEVICES= OMP_NUM_THREADS=${THREADS:-5} PYTHONUNBUFFERED=1
$PYTHON -c 'import soundfile' 2> /dev/null || export PYTHONPATH=bench/gpu/stand-in${PYTHONPATH:+:$PYTHONPATH}

make() {
  [ -s "$WORK/packs/$1/model.json" ] && return
  rm -rf "$WORK/packs/$1.part"
  # One recording, which neither libsndfile nor ffmpeg is needed for.
  if $LOW $PYTHON -m training.measure.scale --model "$1" --half-graphs --speech test/fixtures/commands.wav \
    --output "$WORK/packs/$1.part" $SHAPE > "$WORK/$1.log" 2>&1; then
    mv "$WORK/packs/$1.part" "$WORK/packs/$1"
    echo "$1: made after $SECONDS s"
  else
    echo "$1: not made: $(tail -n 1 "$WORK/$1.log")"
  fi
}

# The largest comes last: if it is not ready in time, the others are there.
for model in "$@"; do
  [ "$model" != dense-1b ] || wait
  make "$model" &
done
wait
