import Actors
import Foundation

/// `call_event_created` of the event stream: what a provider told of a call. Numbers are masked, texts are left out.
package enum CallNewsEvent {
    package static let name = "call_event_created"

    package static func fields(_ news: CallBook.News) -> [String: EventValue] {
        let (event, entry) = (news.event, news.entry)
        return [
            "id": .text(entry.id), "provider": .text(event.call.provider), "callSid": .text(event.call.id),
            "callId": entry.mediaCall.map(EventValue.text) ?? .null, "tenant": .text(entry.tenant),
            "event": .text(event.kind.name), "status": entry.lifecycle.phase.map { .text($0.rawValue) } ?? .null,
            "change": change(news.change),
            "direction": entry.direction.map { .text($0.rawValue) } ?? .null,
            "from": entry.from.map { .text(MaskedNumber.mask($0)) } ?? .null,
            "to": entry.to.map { .text(MaskedNumber.mask($0)) } ?? .null,
            "at": event.at.map { .text($0.formatted(.iso8601)) } ?? .null,
            "durationSeconds": entry.durationSeconds.map { .number(Double($0)) } ?? .null,
            "recordings": .number(Double(entry.recordings.count)),
        ]
    }

    private static func change(_ change: CallLifecycle.Change?) -> EventValue {
        switch change {
        case .entered: .text("entered")
        case .refined: .text("refined")
        case .stale: .text("stale")
        case nil: .null
        }
    }
}

extension ProviderEvent.Kind {
    /// For people: the phase, or what else was told. Names that a provider made up are cut to a line.
    var name: String {
        switch self {
        case .phase(let phase): phase.rawValue
        case .updated(let what), .other(let what): String(what.prefix(64))
        case .recording: "recording"
        case .transcription: "transcription"
        }
    }
}
