#!/usr/bin/env bash
# Benchmarks in release, each beside its C floor: one table, and Benchmarks/Results/latest.json.
#   INSTRUCTIONS=1   also counts instructions, which no other load on the machine changes (callgrind, about 2 minutes more)
#   REPORT=1         writes docs/benchmarks.md
#   JOBS=1           builds with so many jobs
# Fails when the 20 ms path allocates, when a call holds too much memory, or when an engine and its floor disagree.
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
options=(--json Results/latest.json --swift "$(swift --version 2>/dev/null | head -n 1)")

# Instructions of `repetitions` of one side, without those of starting up: the difference of two runs.
instructions() {
    local name=$1 side=$2 few=500 many=2500 count=()
    for repetitions in $few $many; do
        count+=("$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/stripped" \
            --run "$name" "$side" "$repetitions" 2>&1 | sed -n 's/.*Collected : //p')")
    done
    echo $(((count[1] - count[0]) / (many - few)))
}
if [ -n "${INSTRUCTIONS:-}" ]; then
    # Valgrind cannot read the compiler's debug information.
    strip --strip-debug -o "$work/stripped" "$program"
    while read -r name; do
        for side in engine floor; do
            printf '%s\t%s\t%s\n' "$name" "$side" "$(instructions "$name" "$side")"
        done
    done < <("$program" --list) >"$work/instructions"
    options+=(--instructions "$work/instructions")
fi
[ -n "${REPORT:-}" ] && options+=(--report ../docs/benchmarks.md)

echo
failed=0
"$program" "${options[@]}" || failed=1

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
