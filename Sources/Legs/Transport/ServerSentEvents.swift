/// Cuts a Server-Sent Events stream into events, whatever the pieces it arrives in: a character may be split between them.
///
/// Fields other than `event` and `data` are ignored, and so are comments; lines end in LF, CR or CRLF. An event that the
/// end of the stream cuts off is not one.
///
/// - Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream".
public struct ServerSentEvents: Sendable {
    /// One dispatched event.
    public struct Event: Sendable, Equatable {
        /// `message` when the stream names none.
        public let name: String
        /// Bytes that are no UTF-8 become U+FFFD, as the standard has it.
        public let data: String

        public init(name: String = "message", data: String) {
            self.name = name
            self.data = data
        }
    }

    /// What does not fit: the stream is no use any more.
    public enum Failure: Error, Equatable {
        /// An event's lines are together longer than this many bytes.
        case eventTooLong(limit: Int)
    }

    private var line: [UInt8] = []
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var afterReturn = false
    private var atStart = true
    private let limit: Int

    /// - Parameter limit: bytes of one event, and of one line.
    public init(limit: Int = 1 << 20) { self.limit = limit }

    /// Takes the next bytes.
    ///
    /// - Returns: the events that these bytes complete.
    public mutating func push(_ bytes: some Sequence<UInt8>) throws -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            if afterReturn {
                afterReturn = false
                if byte == 0x0A { continue }
            }
            if byte == 0x0A || byte == 0x0D {
                afterReturn = byte == 0x0D
                if let event = try endOfLine() { events.append(event) }
            } else {
                guard line.count < limit else { throw Failure.eventTooLong(limit: limit) }
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endOfLine() throws -> Event? {
        if atStart, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        atStart = false
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == 0x20 { value = value.dropFirst() }
        if line[..<colon].elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        } else if line[..<colon].elementsEqual("data".utf8) {
            guard data.count + value.count < limit else { throw Failure.eventTooLong(limit: limit) }
            if hasData { data.append(0x0A) }
            data.append(contentsOf: value)
            hasData = true
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            name = ""
            data.removeAll(keepingCapacity: true)
            hasData = false
        }
        guard hasData else { return nil }
        return Event(name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self))
    }
}
