#!/usr/bin/env bash
# Every test: style, then all suites in the release build that users run, then the thread sanitizer, then the fuzzer.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/lint.sh
swift build -c release --build-tests
swift build -c release --product parley
log=$(mktemp)
trap 'rm -f "$log"' EXIT
set +e
swift test -c release --skip-build --skip EndToEndTests 2>&1 | tee "$log"
main=${PIPESTATUS[0]}
# Whole conversations in real time: one after another, so that they are judged by the engine and not by their neighbours.
swift test -c release --skip-build --no-parallel --filter EndToEndTests 2>&1 | tee -a "$log"
whole=${PIPESTATUS[0]}
scripts/tsan.sh 2>&1 | tee -a "$log"
race=${PIPESTATUS[0]}
SECONDS_EACH=${FUZZ_SECONDS:-5} scripts/fuzz.sh 2>&1 | tee -a "$log"
fuzz=${PIPESTATUS[0]}
set -e

# One closing line for all of them.
passed=$(grep -E '^✔ Test ' "$log" | grep -vc '^✔ Test run with' || true)
failed=$(grep -E '^✘ Test .* failed after' "$log" | grep -vc '^✘ Test run with' || true)
[ "$main" -ne 0 ] && [ "$failed" -eq 0 ] && failed=1
[ "$whole" -ne 0 ] && [ "$failed" -eq 0 ] && failed=1
[ "$race" -ne 0 ] && [ "$failed" -eq 0 ] && failed=1
[ "$fuzz" -ne 0 ] && [ "$failed" -eq 0 ] && failed=1
grep -E '^✘ Test .*recorded an issue' "$log" || true
echo "$passed passed, $failed failed"
[ "$main" -eq 0 ] && [ "$whole" -eq 0 ] && [ "$race" -eq 0 ] && [ "$fuzz" -eq 0 ]
