#!/usr/bin/env bash
# Style: the formatter's rules, and imports that point one way.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0

folders=(Sources Tests)
[ -d Benchmarks/Benchmarks ] && folders+=(Benchmarks/Benchmarks)
swift format lint --strict --parallel --recursive "${folders[@]}" || failed=1

# Codecs <- Engine <- Actors <- {Legs, Records, Gateway} <- Parley. A full build does not reject an import of a target that
# was not declared, so it is checked here.
forbid() {
    local room=$1 modules=$2 hits
    hits=$(grep -rnE "^[[:space:]]*(@[a-z_]+ )?(public |package |internal |private )?import (struct |class |enum |func |protocol )?($modules)([. ]|$)" \
        "Sources/$room" --include='*.swift' || true)
    if [ -n "$hits" ]; then
        echo "Sources/$room must not import:"
        echo "$hits"
        failed=1
    fi
}
network='NIO[A-Za-z0-9]*|Hummingbird[A-Za-z]*|AsyncHTTPClient'
forbid Codecs "Foundation|Logging|Metrics|Engine|Actors|Legs|Gateway|Caller|$network"
forbid Engine "Foundation|Logging|Metrics|Actors|Legs|Gateway|Caller|$network"
forbid Actors "Legs|Gateway|Caller|Yams|$network"
forbid Legs "Gateway|Caller|Hummingbird[A-Za-z]*"
forbid Gateway "Legs|Caller"
forbid Caller "Gateway|Legs|Actors|Engine"

# Telling a task something waits for the task's own lock, and a task that is being cancelled holds it while its handlers run: done
# under a lock that a handler takes as well, both stand still for ever (decision 0024). A comment "under the lock" says why it may be.
told=$(find Sources -name '*.swift' -exec awk '
    FNR == 1 { depth = 0 }
    {
        code = $0
        sub(/[ \t]*\/\/.*/, "", code)
        if (depth > 0 && /[Uu]nder the lock/) isExcused = 1
        if (depth == 0) {
            if (!match(code, /\.withLock[^{]*\{/)) next
            code = substr(code, RSTART + RLENGTH)
            depth = 1
            isExcused = 0
        }
        body = ""
        for (place = 1; place <= length(code) && depth > 0; place++) {
            letter = substr(code, place, 1)
            if (letter == "{") depth++
            if (letter == "}") depth--
            body = body letter
        }
        if (body ~ /\.(yield|resume)\(/ && !isExcused) print FILENAME ":" FNR ":" $0
    }' {} +)
if [ -n "$told" ]; then
    echo "A stream or a continuation is told something under a lock:"
    echo "$told"
    failed=1
fi

# A C library is imported by the few files of one folder that wrap its handles.
for module in COpenSSL CSpeexDSP COpus; do
    for room in Codecs Engine Actors Legs Gateway Caller; do
        count=$(grep -rlE "^import $module$" "Sources/$room" --include="*.swift" | wc -l || true)
        if [ "$count" -gt 3 ]; then
            echo "Sources/$room imports $module in $count files; wrap it"
            failed=1
        fi
    done
done

# Package.resolved and build folders stay out of the repository.
if git ls-files --error-unmatch Package.resolved >/dev/null 2>&1; then
    echo "Package.resolved must not be committed"
    failed=1
fi
[ "$failed" -eq 0 ] && echo "lint: ok"
exit "$failed"
