import Actors

extension RingoverEvent {
    /// What this tells the call book; the first one is the event itself, a recording may come with it.
    ///
    /// The vendor repeats a webhook until it is answered, and counts that in `attempt`, which names nothing here.
    package func providerEvents(tenant: String) -> [ProviderEvent] {
        guard let callID else { return [] }
        var events: [ProviderEvent] = []
        func add(_ kind: ProviderEvent.Kind, id: String) {
            let call = ProviderCallKey(provider: "ringover", id: callID)
            var event = ProviderEvent(call: call, kind: kind, id: "\(callID) \(id)", tenant: tenant)
            event.direction = direction
            event.from = from
            event.to = to
            event.at = time
            event.durationSeconds = durationSeconds
            events.append(event)
        }
        let occasion = "\(data["id"]?.word ?? "") \(name?.rawValue ?? event)"
        switch name {
        case .ringing: add(.phase(.ringing), id: occasion)
        case .answered: add(.phase(.inProgress), id: occasion)
        case .ended: add(.phase(.completed), id: occasion)
        case .missed: add(.phase(.noAnswer), id: occasion)
        case .voicemail: add(.phase(.voicemail), id: occasion)
        case .recording, .voicemailRecording: break
        case nil: add(.other(event), id: "\(event) \(digest)")
        }
        if let recording { add(.recording(recording), id: "recording \(recording.id)") }
        return events
    }

    /// The recording an event tells of: the same link is the same recording, whoever tells it.
    private var recording: ProviderRecording? {
        let links: (plain: String, own: String, duration: String)
        switch name {
        case .ended: links = ("record", "private_record", "duration_in_seconds")
        case .recording: links = ("record_link", "private_record_link", "record_duration")
        case .voicemail: links = ("message", "private_message", "duration_in_seconds")
        case .voicemailRecording: links = ("voicemail_link", "private_voicemail_link", "voicemail_duration")
        case .ringing, .answered, .missed, nil: return nil
        }
        func link(_ name: String) -> String? {
            guard case .text(let text)? = data[name], text.hasPrefix("https://") || text.hasPrefix("http://"),
                text.utf8.count <= 2048
            else { return nil }
            return text
        }
        // The vendor gives up the public links for the private ones.
        guard let url = link(links.own) ?? link(links.plain) ?? link("recording_url") else { return nil }
        let known = link(links.plain) ?? link("recording_url") ?? url
        let address = known.prefix { $0 != "?" && $0 != "#" }
        let hash = MessageAuthentication.sha256(Array(address.utf8)).prefix(16)
        return ProviderRecording(
            id: Hexadecimal.text(hash),
            url: url,
            durationSeconds: data[links.duration].flatMap(Self.seconds)
        )
    }

    /// Tells two events of the same name apart: tags and comments change more than once.
    private var digest: String {
        Hexadecimal.text(MessageAuthentication.sha256(Array(data.canonical.utf8)).prefix(16))
    }
}

extension JSONValue {
    /// The same JSON text for equal documents, as far as numbers are written alike.
    package var canonical: String {
        switch self {
        case .null: "null"
        case .flag(let flag): flag ? "true" : "false"
        case .number(let number): number.written
        case .text(let text): TwilioEncoder.quoted(text)
        case .list(let items): "[" + items.map(\.canonical).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(TwilioEncoder.quoted($0.key)):\($0.value.canonical)" }
                .joined(separator: ",") + "}"
        }
    }
}
