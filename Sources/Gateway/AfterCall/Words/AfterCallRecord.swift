import Actors
import Foundation

/// What became of the work on a call: its words and what they came to. Personal data.
public struct AfterCallRecord: Sendable, Equatable {
    public enum Source: String, Sendable {
        /// What was heard while the agent held the call.
        case conversation
        case recording
    }

    public var source: Source
    /// The provider's id; nil for the engine's own recording and for conversations.
    public var recordingID: String?
    public var transcript: CallTranscript
    /// nil: nobody is there to summarise, or it failed.
    public var summary: CallSummary?
    public var completedAt: Date

    public init(
        source: Source,
        recordingID: String? = nil,
        transcript: CallTranscript,
        summary: CallSummary? = nil,
        completedAt: Date
    ) {
        self.source = source
        self.recordingID = recordingID
        self.transcript = transcript
        self.summary = summary
        self.completedAt = completedAt
    }

    package func redacted(by redactor: Redactor) -> AfterCallRecord {
        var other = self
        other.transcript = transcript.redacted(by: redactor)
        other.summary = summary?.redacted(by: redactor)
        return other
    }

    /// Bytes of its texts.
    var bytes: Int {
        transcript.lines.reduce(0) { $0 + $1.text.utf8.count } + (summary?.text.utf8.count ?? 0)
            + (summary?.followUp?.utf8.count ?? 0)
    }
}

/// `call_ai_completed` of the event stream. The caller's words are redacted before they get here.
package enum AfterCallEvent {
    package static let name = "call_ai_completed"

    package static func fields(_ record: AfterCallRecord, of job: AfterCallJob, mediaCall: String?) -> [String:
        EventValue]
    {
        func text(_ text: String?) -> EventValue { text.map(EventValue.text) ?? .null }
        let transcript = record.transcript
        return [
            "id": .text("\(job.call.provider):\(job.call.id)"), "provider": .text(job.call.provider),
            "callSid": .text(job.call.id), "callId": text(mediaCall), "tenant": .text(job.tenant),
            "source": .text(record.source.rawValue), "recordingId": text(record.recordingID),
            "language": text(transcript.language),
            "transcript": .list(
                transcript.lines.map { line in
                    .object([
                        "speaker": .text(line.speaker.label), "text": .text(line.text),
                        "startMs": .number((line.start * 1000).rounded()),
                        "endMs": line.end.map { .number(($0 * 1000).rounded()) } ?? .null,
                    ])
                }
            ),
            "cut": .flag(transcript.isCut),
            "summary": text(record.summary?.text), "outcome": text(record.summary?.outcome.rawValue),
            "followUp": text(record.summary?.followUp),
            "madeBy": .object([
                "transcript": .text(transcript.provider), "summary": text(record.summary?.provider),
            ]),
            "at": .text(record.completedAt.formatted(.iso8601)),
        ]
    }
}
