/// Finds what one message of the engine is and where its audio or name stands, without building anything.
///
/// A load test reads twenty thousand messages a second on one core. The order of keys, white space and escapes are free, as
/// JSON has them; numbers and literals are stepped over unread.
package struct LoadMessage: Equatable {
    package enum Kind: Equatable, Sendable { case media, mark, clear, other, broken }

    package var kind = Kind.broken
    /// Bytes between the quotes of `media.payload` or `mark.name`, escapes included; empty when there are none.
    package var text = 0..<0
    /// A backslash is in `text`.
    var isEscaped = false

    private enum Key { case none, event, payload, name }

    package init(scanning bytes: Span<UInt8>) {
        var payload = 0..<0
        var payloadIsEscaped = false
        var name = 0..<0
        var key = Key.none
        var event: Kind?
        var depth = 0
        var index = 0
        let count = bytes.count
        while index < count {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                key = .none
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                guard depth >= 0 else { return }
                index += 1
            case UInt8(ascii: "\""):
                let start = index + 1
                var isEscaped = false
                index = start
                while index < count, bytes[index] != UInt8(ascii: "\"") {
                    if bytes[index] == UInt8(ascii: "\\") {
                        isEscaped = true
                        index += 1
                    }
                    index += 1
                }
                guard index < count else { return }
                let string = start..<index
                index += 1
                while index < count, bytes[index] == 0x20 { index += 1 }
                if index < count, bytes[index] == UInt8(ascii: ":") {
                    index += 1
                    key = Self.key(bytes, string)
                    continue
                }
                switch key {
                case .event where depth == 1: event = Self.kind(bytes, string)
                case .payload where depth == 2: (payload, payloadIsEscaped) = (string, isEscaped)
                case .name where depth == 2: name = string
                default: break
                }
                key = .none
            default:
                index += 1
            }
        }
        guard depth == 0, let event else { return }
        kind = event
        switch event {
        case .media:
            text = payload
            isEscaped = payloadIsEscaped
            if payload.isEmpty { kind = .broken }
        case .mark:
            text = name
            if name.isEmpty { kind = .broken }
        case .clear, .other, .broken: break
        }
    }

    private static func key(_ bytes: Span<UInt8>, _ string: Range<Int>) -> Key {
        switch string.count {
        case 5 where equal(bytes, string, "event"): .event
        case 7 where equal(bytes, string, "payload"): .payload
        case 4 where equal(bytes, string, "name"): .name
        default: .none
        }
    }

    private static func kind(_ bytes: Span<UInt8>, _ string: Range<Int>) -> Kind {
        switch string.count {
        case 5 where equal(bytes, string, "media"): .media
        case 5 where equal(bytes, string, "clear"): .clear
        case 4 where equal(bytes, string, "mark"): .mark
        default: .other
        }
    }

    private static func equal(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
        word.withUTF8Buffer { word in
            for offset in 0..<range.count where bytes[range.lowerBound + offset] != word[offset] { return false }
            return true
        }
    }
}
