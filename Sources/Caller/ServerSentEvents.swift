/// Cuts a Server-Sent Events stream into events, whatever the pieces it arrives in.
///
/// Fields other than `event` and `data` are ignored; lines end in LF, CR or CRLF.
///
/// - Source: WHATWG HTML, "Server-sent events", section "Interpreting an event stream".
public struct ServerSentEvents: Sendable {
    /// One dispatched event.
    public struct Event: Sendable, Equatable {
        /// `message` when the stream names none.
        public let name: String
        public let data: String

        public init(name: String, data: String) {
            self.name = name
            self.data = data
        }
    }

    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var afterReturn = false
    private var atStart = true
    /// Longest line and most data lines of one event that are kept; the rest of a longer event is dropped.
    private static let longest = 1 << 20

    public init() {}

    /// Takes the next bytes.
    ///
    /// - Returns: the events that these bytes complete.
    public mutating func read(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            if afterReturn {
                afterReturn = false
                if byte == 0x0A { continue }
            }
            if byte == 0x0A || byte == 0x0D {
                afterReturn = byte == 0x0D
                if let event = endOfLine() { events.append(event) }
            } else if line.count < Self.longest {
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endOfLine() -> Event? {
        if atStart, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        atStart = false
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else {
            defer {
                name = ""
                data = []
            }
            return data.isEmpty ? nil : Event(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"))
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        let field = String(decoding: line[..<(colon ?? line.endIndex)], as: UTF8.self)
        var value = colon.map { line[line.index(after: $0)...] } ?? []
        if value.first == 0x20 { value = value.dropFirst() }
        switch field {
        case "event": name = String(decoding: value, as: UTF8.self)
        case "data": if data.count < 4096 { data.append(String(decoding: value, as: UTF8.self)) }
        default: break
        }
        return nil
    }
}
