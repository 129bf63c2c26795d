#!/usr/bin/env bash
# Benchmarks in release, each beside its C floor: tables, and Benchmarks/Results/latest.json.
#   BENCH=quick      about a minute after building: fewer rounds, short real-time runs, no counting of objects
#   INSTRUCTIONS=1   also counts instructions, which no other load on the machine changes (callgrind, some minutes more)
#   REPORT=1         writes docs/benchmarks.md
#   ONLY=density     one part alone: micro, density (whole calls served in turn) or realtime
#   SECONDS_EACH=10  how long each real-time run is measured
#   CALLS=100,300    how many calls the real-time runs have
#   PROFILE=case     says where the engine's instructions of one case go, and who copies memory; measures nothing else
#   JOBS=1           builds with so many jobs
# Fails when a limit of Benchmarks/limits.json is exceeded or when an engine and its floor disagree. Times are judged only
# when other programs leave the machine alone; the last table says what was skipped.
set -euo pipefail
cd "$(dirname "$0")/../Benchmarks"
# The server's libraries are not measured and need not be built.
export PARLEY_ROOMS=core
# Instruction counts must not depend on a random seed.
export SWIFT_DETERMINISTIC_HASHING=1
jobs=()
[ -n "${JOBS:-}" ] && jobs=(-j "$JOBS")

swift build -c release "${jobs[@]}" --product Comparison
program=$(swift build -c release --show-bin-path)/Comparison
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options=(--limits limits.json --json Results/latest.json --swift "$(swift --version 2>/dev/null | head -n 1)")
[ -n "${BENCH:-}" ] && options+=(--effort "$BENCH")
[ -n "${ONLY:-}" ] && options+=(--only "$ONLY")
[ -n "${SECONDS_EACH:-}" ] && options+=(--seconds "$SECONDS_EACH")
[ -n "${CALLS:-}" ] && options+=(--calls "$CALLS")

# Instructions of one repetition of one side, without those of starting up: the difference of two runs of `few` and `many`.
instructions() {
    local name=$1 side=$2 few=$3 many=$4 count=()
    for repetitions in "$few" "$many"; do
        count+=("$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/stripped" \
            --run "$name" "$side" "$repetitions" 2>&1 | sed -n 's/.*Collected : //p')")
    done
    echo $(((count[1] - count[0]) / (many - few)))
}
# Valgrind cannot read the compiler's debug information.
[ -n "${INSTRUCTIONS:-}${PROFILE:-}" ] && strip --strip-debug -o "$work/stripped" "$program"
if [ -n "${PROFILE:-}" ]; then
    valgrind --tool=callgrind --callgrind-out-file="$work/profile" "$work/stripped" --run "$PROFILE" engine 2048 2>&1 |
        sed -n 's/.*Collected : /instructions of starting up and 2048 repetitions: /p'
    callgrind_annotate --threshold=95 "$work/profile" 2>/dev/null | swift demangle --simplified |
        sed -n 's/ \[[^]]*\]$//; s/^ *\([0-9,]* *([ 0-9.]*%)\)  [^ :]*:/\1  /p' | cut -c1-150
    echo
    echo "Who calls memcpy:"
    callgrind_annotate --tree=caller --inclusive=yes --threshold=100 "$work/profile" 2>/dev/null |
        awk '/ < /{lines[++n]=$0} / \* /{if ($0 ~ /mem(cpy|move)/) for (i=1; i<=n; i++) print lines[i]; n=0}' |
        sed 's/ \[[^]]*\]$//' | sort -t'(' -k1,1nr | awk '{gsub(",","",$1); print}' | sort -rn | head -20 |
        swift demangle --simplified | cut -c1-170
    exit 0
fi
if [ -n "${INSTRUCTIONS:-}" ]; then
    while read -r name loop; do
        # Where the cost depends on the audio, the difference is one whole round of it.
        few=$((loop > 0 ? loop : 500)) many=$((loop > 0 ? 2 * loop : 2500))
        # Both sides at once: counts do not mind company.
        for side in engine floor; do
            instructions "$name" "$side" "$few" "$many" >"$work/$side" &
        done
        wait
        for side in engine floor; do printf '%s\t%s\t%s\n' "$name" "$side" "$(cat "$work/$side")"; done
    done < <("$program" --list) >"$work/instructions"
    options+=(--instructions "$work/instructions")
fi
[ -n "${REPORT:-}" ] && options+=(--report ../docs/benchmarks.md)

echo
failed=0
"$program" "${options[@]}" || failed=1
[ "${BENCH:-}${ONLY:-}" != "" ] && exit "$failed"

# Objects allocated, against the committed limits. The plugin's log is of interest when they are exceeded.
echo
if swift package "${jobs[@]}" benchmark thresholds check --target '.*Benchmarks' --path "$PWD/Thresholds" --no-progress \
    >"$work/thresholds" 2>&1; then
    echo "Objects allocated: as Benchmarks/Thresholds says."
else
    cat "$work/thresholds"
    echo "Objects allocated differ from Benchmarks/Thresholds (above)." >&2
    failed=1
fi
exit "$failed"
