#!/usr/bin/env bash
# Whole calls against servers that speak the vendors' wire protocols, all on loopback: how much of a turn is the engine's own,
# how soon a second provider is heard, how soon an interruption reaches the vendor, and a thousand calls with faults. The engine
# has one core, callers and vendors' servers the other. About 25 minutes; ends by itself and leaves no process.
#   QUICK=1          small amounts, five minutes: a look that everything works
#   ONLY=turns,soak  these parts alone: turns, failover, bargein, soak
#   CALLS=200        calls of the run with faults
#   REPORT=1         writes docs/vendors.md and Benchmarks/Results/vendors.json; parts not measured now keep their figures
# Fails when a figure misses what it must reach.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=.build/release
if [ -z "${BUILT:-}" ]; then
    swift build -c release --product parley
    swift build -c release --product VendorBench
fi

options=()
prefix=()
# One processor alone is shared by all, and the figures are then not the engine's.
if [ "$(nproc)" -gt 1 ]; then
    prefix=(taskset -c "1-$(($(nproc) - 1))")
    options+=(--core 0)
fi
[ -n "${ONLY:-}" ] && options+=(--only ${ONLY//,/ })
[ -n "${QUICK:-}" ] && options+=(--quick)
[ -n "${CALLS:-}" ] && options+=(--calls "$CALLS")
[ -n "${REPORT:-}" ] && options+=(--json Benchmarks/Results/vendors.json --report docs/vendors.md)
exec timeout --kill-after=30 2400 "${prefix[@]}" "$bin/VendorBench" --engine "$bin/parley" "${options[@]}"
