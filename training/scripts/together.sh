#!/usr/bin/env bash
# Two workers train one network on (see train.py), each on one core:
# together.sh DATA WORK FROM TO OPTIONS-OF-TRAIN...
set -euo pipefail
data=$1 work=$2 from=$3 to=$4
shift 4
mkdir -p "$work/logs"
meet=$(mktemp -u)
here=$(dirname "$0")
pids=()
for rank in 0 1; do
  env OMP_NUM_THREADS=1 GLOO_SOCKET_IFNAME=lo python "$here/train.py" \
    "$data" "$work/vectors.npz" "$work/$to" \
    --start "$work/$from/weights.pt" --splitter "$work/sentences" "$@" \
    --workers 2 --rank "$rank" --meet "$meet" > "$work/logs/$to-$rank.log" 2>&1 &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
rm -f "$meet"
tail -n 1 "$work/logs/$to-0.log"
