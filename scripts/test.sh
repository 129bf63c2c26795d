#!/usr/bin/env bash
# Every test: style, then all suites in the release build that users run, then the thread sanitizer, then the fuzzer.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/lint.sh
swift build -c release --build-tests
swift build -c release --product parley
# Seconds after which a part that takes less than half of them is taken to hang.
hanging=1500
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# within SECONDS COMMAND...: the command; when it hangs, what its programs wait for is said and they are killed, so that the rest
# is run and what they said until then is read.
within() {
    local limit=$1 result=0
    shift
    {
        sleep "$limit" >/dev/null 2>&1 </dev/null || exit 0
        echo "Hangs, killed after $limit s: $*"
        ps -eLo ppid,pid,tid,etimes,stat,wchan:24,comm,args | grep -F "$PWD/.build/" | grep -v grep | cut -c1-240
        pkill -KILL -f "$PWD/.build/"
    } 2>/dev/null &
    local watcher=$!
    "$@" || result=$?
    pkill -P "$watcher" || true
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    return "$result"
}

# run ARGUMENTS: the tests they name. Calls are held in real time, and a machine that stands still for seconds (a shared one
# whose processors are taken away) fails a test that it would pass: what fails gets a second attempt, alone, and the output says so.
# What fails again has failed; so has what crashed.
run() {
    local part again names
    part=$(mktemp) again=$(mktemp)
    within "$hanging" swift test -c release --skip-build "$@" 2>&1 | tee "$part"
    local result=${PIPESTATUS[0]}
    names=$(sed -nE 's/^✘ Test ([A-Za-z_][A-Za-z0-9_]*)\(.* failed after .*/\1/p' "$part" | sort -u)
    if [ "$result" -ne 0 ] && grep -q '^✘ Test run with' "$part" && [ "$(wc -w <<<"$names")" -le 6 ] && [ -n "$names" ]; then
        echo "Second attempt, alone: $(tr '\n' ' ' <<<"$names")"
        within "$hanging" swift test -c release --skip-build --no-parallel --filter "/($(paste -sd '|' <<<"$names"))\\(" 2>&1 | tee "$again"
        result=${PIPESTATUS[0]}
        [ "$result" -eq 0 ] && sed -i 's/^✘/first attempt:/' "$part"
    fi
    cat "$part" "$again" >>"$log"
    rm -f "$part" "$again"
    return "$result"
}

# Whole conversations, and calls on real workers.
timed='EndToEndTests|ExchangeTests|LiveCallTests|SpeculatingCallTests'

set +e
run --skip "$timed"
main=$?
# One after another, so that they are judged by the engine and not by their neighbours.
run --no-parallel --filter "$timed"
whole=$?
within "$hanging" scripts/tsan.sh 2>&1 | tee -a "$log"
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
