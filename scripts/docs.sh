#!/usr/bin/env bash
# Writes docs/commands.md from the commands themselves, and checks that the documentation's links lead somewhere.
set -euo pipefail
cd "$(dirname "$0")/.."
{
    echo "# Commands"
    echo
    echo "Written by \`make docs\` from the commands' own help."
    for command in "" serve call load replay check token; do
        printf '\n## parley %s\n\n```\n' "$command"
        .build/release/parley $command --help
        echo '```'
    done
} | sed 's/[ \t]*$//' >docs/commands.md

failed=0
while IFS= read -r file; do
    while IFS= read -r link; do
        case "$link" in http://*|https://*|\#*|"") continue ;; esac
        if [ ! -e "$(dirname "$file")/${link%%#*}" ]; then
            echo "$file: broken link: $link"
            failed=1
        fi
    done < <(grep -oE '\]\([^)]+\)' "$file" | sed -E 's/^\]\(//; s/\)$//')
done < <(git ls-files '*.md')
[ "$failed" -eq 0 ] && echo "docs: ok (docs/commands.md)"
exit "$failed"
