import Foundation

/// A call as the API shows it. Numbers are masked unless the reader may act on calls.
struct CallView {
    let showsNumbers: Bool

    init(_ role: OperatorTokens.Role) { showsNumbers = role == .operator }

    func item(_ entry: CallBook.Entry) -> EventValue { .object(fields(entry)) }

    /// One call, with what was transcribed.
    func detail(_ entry: CallBook.Entry) -> EventValue {
        var all = fields(entry)
        all["transcriptions"] = .list(
            entry.transcriptions.map {
                .object(["recording_id": text($0.recordingID), "text": .text($0.text)])
            }
        )
        all["after_call"] = .list(entry.completed.map(completed))
        return .object(all)
    }

    private func completed(_ record: AfterCallRecord) -> EventValue {
        .object([
            "source": .text(record.source.rawValue), "recording_id": text(record.recordingID),
            "language": text(record.transcript.language),
            "transcript": .list(
                record.transcript.lines.map { line in
                    .object([
                        "speaker": .text(line.speaker.label), "text": .text(line.text), "start": .number(line.start),
                        "end": line.end.map { .number($0) } ?? .null,
                    ])
                }
            ),
            "cut": .flag(record.transcript.isCut), "summary": text(record.summary?.text),
            "outcome": text(record.summary?.outcome.rawValue), "follow_up": text(record.summary?.followUp),
            "made_by": .object([
                "transcript": .text(record.transcript.provider), "summary": text(record.summary?.provider),
            ]),
            "completed_at": .text(Self.time(record.completedAt)),
        ])
    }

    private func fields(_ entry: CallBook.Entry) -> [String: EventValue] {
        [
            "id": .text(entry.id), "call_id": text(entry.mediaCall), "provider": .text(entry.call.provider),
            "provider_call_id": .text(entry.call.id), "tenant": .text(entry.tenant),
            "direction": text(entry.direction?.rawValue), "status": text(entry.lifecycle.phase?.rawValue),
            "answered": .flag(entry.lifecycle.wasAnswered), "live": .flag(entry.isLive),
            "from": number(entry.from), "to": number(entry.to), "started_at": .text(Self.time(entry.openedAt)),
            "answered_at": time(entry.answeredAt), "ended_at": time(entry.endedAt),
            "duration_seconds": count(entry.durationSeconds),
            // Where the provider keeps them is not shown: they are fetched through the engine.
            "recordings": .list(
                entry.recordings.map {
                    .object([
                        "id": .text($0.id), "duration_seconds": count($0.durationSeconds),
                        "channels": count($0.channels),
                    ])
                }
            ),
        ]
    }

    private func text(_ text: String?) -> EventValue { text.map(EventValue.text) ?? .null }
    private func number(_ number: String?) -> EventValue {
        text(number.map { showsNumbers ? $0 : MaskedNumber.mask($0) })
    }
    private func count(_ count: Int?) -> EventValue { count.map { .number(Double($0)) } ?? .null }
    private func time(_ date: Date?) -> EventValue { text(date.map(Self.time)) }
    private static func time(_ date: Date) -> String { date.formatted(.iso8601) }
}
