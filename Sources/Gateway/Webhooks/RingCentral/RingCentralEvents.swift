import Foundation

/// What happened in a telephony session, in every provider's terms.
package enum RingCentralEvents {
    /// Ids are made of the session and the fact, so that two nodes and two deliveries name the same thing alike.
    package static func event(_ output: TelephonySession.Output, of session: TelephonySession, at: Date?)
        -> ProviderEvent?
    {
        let (kind, name) = kind(output)
        var event = ProviderEvent(
            call: ProviderCallKey(provider: "ringcentral", id: session.id),
            kind: kind,
            id: "\(session.id)/\(name)",
            tenant: ""
        )
        event.direction = session.isOutbound ? .outbound : .inbound
        event.from = session.from
        event.to = session.to
        event.at = at
        switch output {
        case .answered: event.at = session.answeredAt ?? at
        case .ended:
            event.at = session.endedAt ?? at
            event.durationSeconds = session.durationSeconds
        case .initiated, .ringing, .updated, .missed, .recording: break
        }
        return event
    }

    private static func kind(_ output: TelephonySession.Output) -> (ProviderEvent.Kind, String) {
        switch output {
        case .initiated: (.phase(.initiated), "initiated")
        case .ringing: (.phase(.ringing), "ringing")
        case .answered: (.phase(.inProgress), "answered")
        case .updated(let update, let party, let mark):
            (.updated(update.rawValue), "\(update.rawValue)/\(party)/\(mark)")
        case .missed: (.other("missed"), "missed")
        case .recording(let id): (.recording(ProviderRecording(id: id)), "recording/\(id)")
        case .ended(let phase): (.phase(phase), "ended")
        }
    }
}
