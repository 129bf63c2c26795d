#!/usr/bin/env bash
# Fuzzes every parser of outside bytes with coverage (libFuzzer) and address checks.
#   SECONDS_EACH=600   how long each parser is fuzzed (default 600)
#   ONLY=wav,form      some parsers only
# First every input of Tests/Fuzz/Corpus is replayed: a crash that was found once is found again. What a run finds is kept in
# Tests/Fuzz/Corpus/<parser>/crash-…, to be committed with the fix.
set -euo pipefail
cd "$(dirname "$0")/../Tests/Fuzz"
seconds=${SECONDS_EACH:-600}

swift build -c release --product Fuzz
program=$(swift build -c release --show-bin-path)/Fuzz
# The crash handler would wait for the sanitizer, which waits for it.
export SWIFT_BACKTRACE=enable=no
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for folder in Corpus/*/; do
    name=$(basename "$folder")
    [ -n "${ONLY:-}" ] && [[ ",$ONLY," != *",$name,"* ]] && continue
    mkdir "$work/$name"
    start=$SECONDS
    if PARLEY_FUZZ=$name timeout -k 5 $((seconds + 60)) "$program" "$work/$name" "$folder" \
        -max_total_time="$seconds" -max_len=16384 -timeout=5 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$folder/" >"$work/$name.log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log")
        echo "✔ Test fuzz $name passed: $runs inputs in $((SECONDS - start)) s"
    else
        tail -n 30 "$work/$name.log"
        echo "✘ Test fuzz $name failed after $((SECONDS - start)) s"
        failed=1
    fi
done
exit "$failed"
