import Actors
import Foundation

/// What a request of Twilio's says about its call, in every provider's terms. Pure.
///
/// An event's id is made of what was signed: `I-Twilio-Idempotency-Token` would also tell a repetition, but it is a header
/// that no signature covers, so a request recorded on the way could be played again under a new one.
package enum TwilioEvents {
    /// - Parameter tenant: whose call it is, as far as that is known.
    /// - Returns: nil when the request names no call.
    package static func event(_ endpoint: TwilioEndpoint, _ request: TwilioRequest, tenant: String) -> ProviderEvent? {
        guard let call = callID(endpoint, request), let (kind, name) = meaning(endpoint, request) else { return nil }
        var event = ProviderEvent(
            call: ProviderCallKey(provider: "twilio", id: call),
            kind: kind,
            id: "\(call) \(endpoint.rawValue) \(name)",
            tenant: tenant
        )
        event.at = request.timestamp
        // A transferred leg has numbers and a duration of its own.
        guard !isLeg(request), !endpoint.isOfPerson else { return event }
        event.direction = request.direction
        event.from = request.text("From")
        event.to = request.text("To")
        event.durationSeconds = request.number("CallDuration")
        return event
    }

    /// A leg that a `<Dial>` made is told of as part of the call that dialled.
    private static func callID(_ endpoint: TwilioEndpoint, _ request: TwilioRequest) -> String? {
        if endpoint.isOfPerson { return TwilioRequest.sid(request.query["call"]) ?? request.sid("ParentCallSid") }
        return request.sid("ParentCallSid") ?? request.callSID
    }

    private static func isLeg(_ request: TwilioRequest) -> Bool { request.sid("ParentCallSid") != nil }

    /// What it means, and what tells it from the call's other events of the same endpoint.
    private static func meaning(_ endpoint: TwilioEndpoint, _ request: TwilioRequest) -> (ProviderEvent.Kind, String)? {
        let status = request["CallStatus"] ?? ""
        switch endpoint {
        case .voice, .dtmf, .continue:
            return (phase(status), word(status))
        case .status:
            let name = "\(request.callSID ?? "") \(word(status)) \(request.number("SequenceNumber") ?? -1)"
            return (isLeg(request) ? .updated("leg_" + (leg(status) ?? "unknown")) : phase(status), name)
        case .streamStatus:
            let name = "\(request.sid("StreamSid") ?? "") \(word(request["StreamEvent"] ?? ""))"
            return switch request["StreamEvent"] {
            // The first sign that the call was answered which needs no setting at the vendor's.
            case "stream-started": (.phase(.inProgress), name)
            case "stream-stopped": (.updated("stream_stopped"), name)
            case "stream-error": (.updated("stream_error"), name)
            default: (.other("stream"), name)
            }
        case .dialDone:
            let outcome = request["DialCallStatus"] ?? ""
            return (
                .updated("transfer_" + (leg(outcome) ?? "unknown")),
                "\(request.sid("DialCallSid") ?? "") \(word(outcome))"
            )
        case .recordDone:
            guard request.number("RecordingDuration") ?? 0 > 0 else { return (.other("no_message"), "none") }
            return (.phase(.voicemail), request.sid("RecordingSid") ?? "")
        case .whisper, .transfer:
            return (.updated("transfer_answered"), request.callSID ?? "")
        case .transferJoin:
            return (.updated("transfer_joined"), request.callSID ?? "")
        case .transferStatus:
            let name = "\(request.callSID ?? "") \(word(status)) \(request.number("SequenceNumber") ?? -1)"
            return (.updated("leg_" + (leg(status) ?? "unknown")), name)
        case .recording: return recording(request)
        case .transcription:
            let name = "\(request.sid("TranscriptionSid") ?? "") \(word(request["TranscriptionStatus"] ?? ""))"
            guard request["TranscriptionStatus"] == "completed" else { return (.other("transcription_failed"), name) }
            return (
                .transcription(recordingID: request.sid("RecordingSid"), text: request["TranscriptionText"] ?? ""), name
            )
        }
    }

    private static func recording(_ request: TwilioRequest) -> (ProviderEvent.Kind, String)? {
        guard let id = request.sid("RecordingSid") else { return nil }
        let status = request["RecordingStatus"] ?? ""
        let kind: ProviderEvent.Kind =
            switch status {
            case "completed":
                .recording(
                    ProviderRecording(
                        id: id,
                        url: request.text("RecordingUrl"),
                        durationSeconds: request.number("RecordingDuration"),
                        channels: request.number("RecordingChannels")
                    )
                )
            case "in-progress": .updated("recording_started")
            case "absent": .other("recording_absent")
            case "failed": .other("recording_failed")
            default: .other("recording")
            }
        return (kind, "\(id) \(word(status))")
    }

    /// - Source: the CallStatus set of the vendor's call resource and TwiML pages. A word nobody has seen changes nothing.
    private static func phase(_ status: String) -> ProviderEvent.Kind {
        switch status {
        case "queued", "initiated": .phase(.initiated)
        case "ringing": .phase(.ringing)
        case "in-progress": .phase(.inProgress)
        case "completed": .phase(.completed)
        case "busy": .phase(.busy)
        case "failed": .phase(.failed)
        case "no-answer": .phase(.noAnswer)
        case "canceled": .phase(.canceled)
        default: .other("status")
        }
    }

    /// A dialled leg's status under a name of a small fixed set.
    private static func leg(_ status: String) -> String? {
        switch status {
        case "initiated", "ringing", "completed", "answered", "busy", "failed", "canceled": status
        case "in-progress": "answered"
        case "no-answer": "no_answer"
        default: nil
        }
    }

    /// A word for an event's id: bounded, whatever was sent.
    private static func word(_ text: String) -> String { String(text.prefix(32)) }
}
