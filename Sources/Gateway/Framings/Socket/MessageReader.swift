/// The messages in the bytes of a WebSocket, on the server's side (RFC 6455 section 5).
///
/// Instead of the library's decoder and aggregator, which took some 4 % of a typical call's time in a profile (decisions 0012 and
/// 0023). Stricter than those with masks and reserved bits.
package struct MessageReader {
    package enum Kind: Equatable, Sendable { case text, binary, ping, pong, close }

    /// Nothing more can be read.
    package enum Fault: Error, Equatable {
        /// A frame, or the frames of a message together, are longer than allowed.
        case tooLarge
        /// What section 5 forbids, or a message in too many parts.
        case broken
    }

    private let longest: Int
    private let mostParts: Int
    /// The beginning of a frame whose end is still to come.
    private var rest: [UInt8] = []
    /// The message without its masks; what it may be is held ready.
    private var payload: [UInt8] = []
    private var length = 0
    /// Of the message whose parts are being put together; nil between messages.
    private var kind: Kind?
    private var parts = 0
    private var isOver = false

    /// - Parameters:
    ///   - longest: bytes of a message.
    ///   - mostParts: frames of a message.
    package init(longest: Int, mostParts: Int) {
        self.longest = longest
        self.mostParts = mostParts
    }

    /// Reads what has come. After a fault or the peer's close frame nothing is read any more.
    /// - Parameter body: gets every whole message. Those of a ping, a pong and a close may come between the parts of another.
    package mutating func read(_ bytes: Span<UInt8>, _ body: (Kind, Span<UInt8>) -> Void) throws(Fault) {
        guard !isOver else { return }
        do {
            guard !rest.isEmpty else {
                let used = try frames(bytes, body)
                return keep(bytes, from: used)
            }
            keep(bytes, from: 0)
            var whole: [UInt8] = []
            swap(&whole, &rest)
            let used = try frames(whole.span, body)
            whole.removeFirst(used)
            rest = whole
        } catch {
            isOver = true
            (rest, payload) = ([], [])
            throw error
        }
    }

    private mutating func keep(_ bytes: Span<UInt8>, from start: Int) {
        guard !isOver else { return }
        rest.reserveCapacity(rest.count + bytes.count - start)
        for index in start..<bytes.count { rest.append(bytes[index]) }
    }

    /// - Returns: how many bytes the whole frames took.
    private mutating func frames(_ bytes: Span<UInt8>, _ body: (Kind, Span<UInt8>) -> Void) throws(Fault) -> Int {
        var used = 0
        while !isOver, let head = try FrameHead(bytes.extracting(used...)) {
            guard head.length <= longest else { throw .tooLarge }
            guard bytes.count - used - head.bytes >= head.length else { break }
            used += head.bytes
            try take(head, bytes.extracting(used..<(used + head.length)), body)
            used += head.length
        }
        return used
    }

    private mutating func take(
        _ head: FrameHead,
        _ bytes: Span<UInt8>,
        _ body: (Kind, Span<UInt8>) -> Void
    ) throws(Fault) {
        let start = length
        switch head.opcode {
        case 0x0, 0x1, 0x2:
            guard (head.opcode == 0) == (kind != nil) else { throw .broken }
            guard length + bytes.count <= longest else { throw .tooLarge }
            parts += 1
            // A part that is not the last will have another one after it.
            guard parts < mostParts || head.isFinal && parts == mostParts else { throw .broken }
            let whole = kind ?? (head.opcode == 1 ? .text : .binary)
            unmask(bytes, head.key)
            guard head.isFinal else {
                kind = whole
                return
            }
            body(whole, payload.span.extracting(0..<length))
            (length, parts, kind) = (0, 0, nil)
        default:
            unmask(bytes, head.key)
            isOver = head.opcode == 0x8
            body(isOver ? .close : head.opcode == 0x9 ? .ping : .pong, payload.span.extracting(start..<length))
            length = start
        }
    }

    /// Appends a frame's bytes to the payload without their mask (section 5.3).
    private mutating func unmask(_ bytes: Span<UInt8>, _ key: UInt32) {
        let start = length
        length += bytes.count
        if payload.count < length {
            payload.append(contentsOf: repeatElement(0, count: max(length, 1024) - payload.count))
        }
        var target = payload.mutableSpan
        FrameMask.remove(key, from: bytes, into: &target, at: start)
    }
}
