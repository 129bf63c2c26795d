import Actors
import Foundation

/// One Ringover webhook as read: in the vendor's own form (an envelope around `data`), or flat, with our names.
///
/// Every field may be missing, null, a number or a text: only the event's name must be there.
package struct RingoverEvent: Sendable, Equatable {
    /// What happened, whatever the sender calls it.
    package enum Name: String, Sendable, CaseIterable {
        case ringing = "call.ringing"
        case answered = "call.answered"
        case ended = "call.ended"
        case missed = "call.missed"
        case voicemail
        case recording = "recording.available"
        case voicemailRecording = "voicemail.available"
    }

    /// As the sender wrote it.
    package let event: String
    package let resource: String?
    /// nil: nothing that happens to a call.
    package let name: Name?
    /// 64-bit numbers and texts alike, digit for digit.
    package let callID: String?
    package let data: JSONValue
    private let timestamp: JSONValue?

    /// Names longer than this are no events.
    private static let longestName = 64
    private static let longestID = 128

    /// - Returns: nil when the document names no event.
    package init?(_ document: JSONValue) {
        guard case .text(let event)? = document["event"], 1...Self.longestName ~= event.utf8.count else { return nil }
        self.event = event
        // The vendor's contact search misspells it.
        resource = (document["resource"] ?? document["ressource"])?.word
        data = document["data"].flatMap { $0.isObject ? $0 : nil } ?? document
        timestamp = document["timestamp"]
        name = Self.name(event, resource)
        let id = data["call_id"]?.word ?? document["call_id"]?.word
        callID = id.flatMap { 1...Self.longestID ~= $0.utf8.count ? $0 : nil }
    }

    private static func name(_ event: String, _ resource: String?) -> Name? {
        if let ours = Name(rawValue: event) { return ours }
        switch (resource ?? "call", event) {
        case ("call", "ringing"): return .ringing
        case ("call", "answered"): return .answered
        case ("call", "hangup"), ("call", "call.hangup"): return .ended
        case ("call", "missed"): return .missed
        case ("call", "call.voicemail"): return .voicemail
        case ("aftercall", "record_available"): return .recording
        case ("aftercall", "voicemail_available"): return .voicemailRecording
        default: return nil
        }
    }

    /// Which of the vendor's keys signs it.
    package var family: RingoverSettings.WebhookFamily {
        switch (resource, event) {
        case ("search", _): .search
        case (_, "contact"): .contact
        case (_, "routing"), (_, "ivr_response_code"): .routing
        default: .call
        }
    }

    package var direction: ProviderEvent.Direction? {
        switch data["direction"]?.word?.lowercased() {
        case "inbound", "in": .inbound
        case "outbound", "out": .outbound
        default: nil
        }
    }

    package var from: String? { data["from_number"]?.word.flatMap(RingoverNumber.e164) }
    package var to: String? { data["to_number"]?.word.flatMap(RingoverNumber.e164) }

    /// Our own numbers in the call, the likeliest first: behind an IVR the called one is the user's, and the IVR's is ours.
    package var ownNumbers: [String] {
        let direct = direction == .outbound ? from : to
        let menu = [data["ivr_data"]?["number"], data["ivr"]?["number"]].map {
            $0?.word.flatMap(RingoverNumber.e164)
        }
        return ([direct] + menu).compactMap { $0 }
    }

    /// When it happened, by the provider's clock.
    package var time: Date? {
        let own: JSONValue? =
            switch name {
            case .answered: data["answered_time"]
            case .ended, .missed, .voicemail: data["hangup_time"]
            case .ringing, .recording, .voicemailRecording, nil: nil
            }
        return own.flatMap(Self.date) ?? timestamp.flatMap(Self.date)
    }

    package var durationSeconds: Int? {
        for name in ["duration_in_seconds", "duration"] {
            if let seconds = data[name].flatMap(Self.seconds) { return seconds }
        }
        return nil
    }

    // MARK: Values

    /// Seconds since 1970 as a number or as text, or ISO 8601.
    private static func date(_ value: JSONValue) -> Date? {
        switch value {
        case .number(let number): return date(number.double)
        case .text(let text):
            if let number = Double(text) { return date(number) }
            return (try? Date(text, strategy: .iso8601))
                ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        case .null, .flag, .list, .object: return nil
        }
    }

    private static func date(_ seconds: Double) -> Date? {
        guard seconds.isFinite, 0..<4e9 ~= seconds else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }

    /// `30`, `"30"`, `"30s"`, `30.4`.
    package static func seconds(_ value: JSONValue) -> Int? {
        let number: Double? =
            switch value {
            case .number(let number): number.double
            case .text(let text): Double(text.hasSuffix("s") ? String(text.dropLast()) : text)
            case .null, .flag, .list, .object: nil
            }
        guard let number, number.isFinite, 0..<1e8 ~= number else { return nil }
        return Int(number.rounded())
    }
}
