#!/bin/sh
# check-libraries.sh FILE [NAME…]: fails where the loader misses a library of FILE, or any of these NAMEs, which it opens
# by itself once it is at work. The driver's own libcuda.so.1 comes with the machine that the container is started on.
set -eu
file=$1
shift
needed=$(ldd "$file")
missing=$(printf '%s\n' "$needed" | awk '/not found/ && $1 != "libcuda.so.1" { print $1 }')
for name in "$@"; do
  ldconfig -p | awk -v name="$name" '$1 == name { found = 1 } END { exit !found }' || missing="$missing $name"
done
[ -z "$missing" ] && exit 0
echo "$file needs what this image lacks: $(echo $missing)" >&2
exit 1
