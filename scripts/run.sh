#!/usr/bin/env bash
# Starts an engine on the embedded legs, places one sample call through the real Twilio framing (signed webhook, signed
# socket), prints the conversation, then keeps serving until Ctrl-C.
#   PARLEY_PORT=9000 make run     another port
#   PARLEY_ONCE=1 make run        stop after the sample call
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.build/release/parley

export ENVIRONMENT=development          # a second `parley call` needs no token; what is signed is still checked
export PARLEY_HOST=${PARLEY_HOST:-127.0.0.1}
export PARLEY_PORT=${PARLEY_PORT:-8080}
export PARLEY_DATA_DIR=${PARLEY_DATA_DIR:-var}
TWILIO_AUTH_TOKEN=${TWILIO_AUTH_TOKEN:-$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')}
export TWILIO_AUTH_TOKEN
url="http://$PARLEY_HOST:$PARLEY_PORT"
mkdir -p "$PARLEY_DATA_DIR"
log=$PARLEY_DATA_DIR/engine.log

"$bin" serve 2>"$log" &
engine=$!
trap 'kill -TERM $engine 2>/dev/null; wait $engine 2>/dev/null || true' EXIT
for _ in $(seq 1 150); do
    kill -0 $engine 2>/dev/null || { echo "The engine did not start:"; tail -5 "$log"; exit 1; }
    (exec 3<>"/dev/tcp/$PARLEY_HOST/$PARLEY_PORT") 2>/dev/null && break
    sleep 0.2
done

echo "Engine up at $url (log: $log). A recorded caller rings:"
echo
samples=profiles/samples
"$bin" call "$samples/1-book.wav" "$samples/2-name.wav" "$samples/3-yes.wav" "$samples/4-bye.wav" \
    --barge-in 1500ms,2 --url "$url" --out out/
echo
echo "Listen:   $(ls -t out/*.wav | head -1)   (left: caller, right: agent, as heard at the phone)"
[ -n "${PARLEY_ONCE:-}" ] && exit 0
cat <<TEXT
Serving:  $url/health/ready   $url/metrics   $url/twilio/sessions
Call it:  $bin call YOUR.wav --url $url
Docs:     README.md, docs/
Ctrl-C stops it.
TEXT
wait $engine
