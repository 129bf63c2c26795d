#!/usr/bin/env bash
# The density of one core over real sockets: one call, 300 whose echo canceller never rests, 400 typical ones; a fresh engine
# on the first processor for each, the generator on the second, timed legs. Judged by profiles/load/limits.json.
#   MINUTES=10           how long each of the two is measured
#   ONLY=always          one of the two: always or typical
#   CALLS=200            so many instead
#   OUT=out/load         where the figures go
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.build/release/parley
seconds=$((${MINUTES:-10} * 60))
out=${OUT:-out/load}
mkdir -p "$out"
export ENVIRONMENT=development LOG_LEVEL=warning PARLEY_STT=timed PARLEY_LLM=timed PARLEY_TTS=timed PARLEY_MAX_CALLS=1000
engine=
trap '[ -z "$engine" ] || { kill "$engine" 2>/dev/null; wait "$engine" 2>/dev/null || true; }' EXIT

# measure NAME ECHO CALLS RAMP SECONDS PROFILE [options]
measure() {
    local name=$1 echo=$2 calls=$3 ramp=$4 duration=$5 profile=$6 result=0 port=${PARLEY_PORT:-8093}
    shift 6
    PARLEY_ECHO=$echo PARLEY_DATA_DIR=$out/$name taskset -c 0 "$bin" serve --port "$port" 2>"$out/$name.log" &
    engine=$!
    for _ in $(seq 1 150); do
        kill -0 "$engine" 2>/dev/null || { echo "The engine did not start:"; tail -5 "$out/$name.log"; exit 1; }
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
        sleep 0.2
    done
    taskset -c 1 "$bin" load --calls "$calls" --ramp "$ramp" --duration "$duration" --profile "profiles/load/$profile.yaml" \
        --url "http://127.0.0.1:$port" --server-pid "$engine" --server-processor 0 --json "$out/$name.json" "$@" || result=$?
    kill "$engine"
    wait "$engine" 2>/dev/null || true
    engine=
    return "$result"
}

failed=0
judged=(--limits profiles/load/limits.json --one-call "$out/one.json")
measure one auto 1 0 60 typical
[ "${ONLY:-always}" = always ] && { measure always always "${CALLS:-300}" 30 "$seconds" always "${judged[@]}" || failed=1; }
[ "${ONLY:-typical}" = typical ] && { measure typical auto "${CALLS:-400}" 40 "$seconds" typical "${judged[@]}" || failed=1; }
exit "$failed"
