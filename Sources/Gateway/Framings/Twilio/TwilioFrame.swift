/// One message of Twilio's Media Streams protocol, as byte ranges into the received text.
///
/// - Source: twilio.com/docs/voice/media-streams/websocket-messages. Counters are JSON strings there; numbers are accepted
///   too, as are unknown fields, unknown events and any key order.
/// - Cost: one pass, no allocation.
package struct TwilioFrame: Equatable {
    package enum Event: Equatable {
        case connected, start, media, mark, dtmf, stop
        /// An event this engine does not know: no fault.
        case unknown
    }
    package enum Fault: Error, Equatable {
        case json(JSONText.Fault)
        case noEvent
        case missing(StaticField)
    }
    /// The fields without which a message means nothing.
    package enum StaticField: String, Equatable {
        case payload = "media.payload"
        case digit = "dtmf.digit"
        case name = "mark.name"
    }

    package var event: Event = .unknown
    package var streamSid: JSONText.Text?
    package var sequence: Int64?
    package var payload: JSONText.Text?
    /// Milliseconds since the stream began.
    package var timestamp: Int64?
    /// `inbound` or `outbound`; nil when not given.
    package var isInbound = true
    package var name: JSONText.Text?
    package var digit: UInt8?

    package static func parse(_ text: Span<UInt8>) throws(Fault) -> TwilioFrame {
        var frame = TwilioFrame()
        var event: JSONText.Text?
        var at = 0
        do throws(JSONText.Fault) {
            try JSONText.expect(UInt8(ascii: "{"), text, &at)
            if !JSONText.take(UInt8(ascii: "}"), text, &at) {
                repeat {
                    let key = try JSONText.string(text, &at).range
                    try JSONText.expect(UInt8(ascii: ":"), text, &at)
                    if JSONText.equals(text, key, "event") {
                        event = try frame.text(text, &at)
                    } else if JSONText.equals(text, key, "streamSid") {
                        frame.streamSid = try frame.text(text, &at)
                    } else if JSONText.equals(text, key, "sequenceNumber") {
                        frame.sequence = try JSONText.integer(text, &at)
                    } else if JSONText.equals(text, key, "media") || JSONText.equals(text, key, "mark")
                        || JSONText.equals(text, key, "dtmf")
                    {
                        try frame.body(text, &at)
                    } else {
                        try JSONText.skip(text, &at, depth: 1)
                    }
                } while JSONText.take(UInt8(ascii: ","), text, &at)
                try JSONText.expect(UInt8(ascii: "}"), text, &at)
            }
            JSONText.skipSpace(text, &at)
            guard at == text.count else { throw .syntax(offset: at) }
        } catch {
            throw .json(error)
        }
        guard let event else { throw .noEvent }
        frame.event = frame.name(of: event.range, text)
        try frame.check()
        return frame
    }

    private func name(of range: Range<Int>, _ text: Span<UInt8>) -> Event {
        if JSONText.equals(text, range, "media") { return .media }
        if JSONText.equals(text, range, "mark") { return .mark }
        if JSONText.equals(text, range, "connected") { return .connected }
        if JSONText.equals(text, range, "start") { return .start }
        if JSONText.equals(text, range, "dtmf") { return .dtmf }
        if JSONText.equals(text, range, "stop") { return .stop }
        return .unknown
    }

    private func check() throws(Fault) {
        switch event {
        case .media where payload == nil: throw .missing(.payload)
        case .mark where name == nil: throw .missing(.name)
        case .dtmf where digit == nil: throw .missing(.digit)
        default: return
        }
    }

    /// The object that carries a message's own fields.
    private mutating func body(_ text: Span<UInt8>, _ at: inout Int) throws(JSONText.Fault) {
        JSONText.skipSpace(text, &at)
        guard at < text.count, text[at] == UInt8(ascii: "{") else { return try JSONText.skip(text, &at, depth: 1) }
        at += 1
        if JSONText.take(UInt8(ascii: "}"), text, &at) { return }
        repeat {
            let key = try JSONText.string(text, &at).range
            try JSONText.expect(UInt8(ascii: ":"), text, &at)
            if JSONText.equals(text, key, "payload") {
                payload = try self.text(text, &at)
            } else if JSONText.equals(text, key, "timestamp") {
                timestamp = try JSONText.integer(text, &at)
            } else if JSONText.equals(text, key, "track") {
                guard let track = try self.text(text, &at) else { continue }
                isInbound = !JSONText.equals(text, track.range, "outbound")
            } else if JSONText.equals(text, key, "name") {
                name = try self.text(text, &at)
            } else if JSONText.equals(text, key, "digit") {
                digit = try self.key(text, &at)
            } else {
                try JSONText.skip(text, &at, depth: 2)
            }
        } while JSONText.take(UInt8(ascii: ","), text, &at)
        try JSONText.expect(UInt8(ascii: "}"), text, &at)
    }

    /// A string value; nil for any other kind, which is skipped.
    private func text(_ text: Span<UInt8>, _ at: inout Int) throws(JSONText.Fault) -> JSONText.Text? {
        JSONText.skipSpace(text, &at)
        guard at < text.count, text[at] == UInt8(ascii: "\"") else {
            try JSONText.skip(text, &at, depth: 2)
            return nil
        }
        return try JSONText.string(text, &at)
    }

    /// A key of the keypad, written as text or as a number.
    private func key(_ text: Span<UInt8>, _ at: inout Int) throws(JSONText.Fault) -> UInt8? {
        JSONText.skipSpace(text, &at)
        let start = at
        try JSONText.skip(text, &at, depth: 2)
        let isQuoted = text[start] == UInt8(ascii: "\"")
        let value = isQuoted ? start + 1..<at - 1 : start..<at
        guard value.count == 1 else { return nil }
        switch text[value.lowerBound] {
        case 0x30...0x39, UInt8(ascii: "*"), UInt8(ascii: "#"), UInt8(ascii: "A")...UInt8(ascii: "D"):
            return text[value.lowerBound]
        default:
            return nil
        }
    }
}
