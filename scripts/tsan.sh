#!/usr/bin/env bash
# Rings, workers and actors under the thread sanitizer. Only the rooms that hold them are built (PARLEY_ROOMS=core), which
# keeps the network libraries out of an instrumented build.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A raced test would still pass: the process must stop, and its output is searched as well.
export TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1 suppressions=$PWD/scripts/tsan.supp"
export PARLEY_ROOMS=core
# What two threads share: rings, the capture's byte ring, workers, calls, recorders; supervision, tools and the chat dialogue,
# whose tasks race each other by design. The tests of machines that share nothing are not repeated. One test at a time: under
# the sanitizer a busy neighbour makes a test of a worker's clock wait for minutes.
suites=(
    RingTests ClockWorkerTests RestingTargetTests WorkerTasksTests BusyShareTests SlotScheduleTests MeasureTests CaptureReplayTests
    ExchangeTests CallRecordersTests LiveCallTests RecordingGateTests SpeculatingCallTests SpeculationTests
    CircuitBreakerTests FailureCompanyTests HedgingTests RandomFaultsTests SupervisionTimeTests
    SupervisedModelTests SupervisedSynthesizerTests SupervisedTranscriberTests
    ToolRunnerTests ToolBoxTests AppointmentToolTests CallToolTests MessageFileTests RecordToolTests
    ChatDialogueTests ChatLanguageTests ChatMemoryTests ChatToolLoopTests
)
swift test --sanitize=thread --scratch-path .build/tsan --no-parallel \
    --filter "$(IFS='|' && echo "${suites[*]}")" \
    2>&1 | tee "$log"
if grep -q 'WARNING: ThreadSanitizer' "$log"; then
    echo "The thread sanitizer found a race." >&2
    exit 1
fi
