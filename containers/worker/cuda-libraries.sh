#!/bin/sh
# cuda-libraries.sh LIST FOLDER: fetches the wheels of the list, one at a time, and leaves only the libraries it names.
set -eu
list=$1
folder=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder"
grep -v '^#' "$list" | while read -r wheel names; do
  pip download --no-deps --only-binary=:all: --no-cache-dir --quiet --platform manylinux_2_27_x86_64 \
    --platform manylinux2014_x86_64 --platform manylinux2010_x86_64 --platform manylinux_2_12_x86_64 --dest "$work" "$wheel"
  python3 -m zipfile -e "$work"/*.whl "$work/unpacked"
  for name in $names; do
    found=$(find "$work/unpacked" -name "$name")
    [ -n "$found" ] || { echo "$wheel has no $name" >&2; exit 1; }
    mv "$found" "$folder/"
  done
  rm -rf "$work"/*
done
du -cb "$folder"/* | sort -n
