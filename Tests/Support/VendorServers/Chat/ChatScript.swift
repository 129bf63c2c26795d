/// The writes of one answer, and what becomes of the connection behind them.
struct ChatScript: Sendable {
    enum End: Sendable {
        case whole
        /// The connection is reset.
        case reset
        /// The last write again and again.
        case endless
    }

    var frames: [ChatFrame]
    var end = End.whole
    /// One byte at a time.
    var drips = false

    init(
        _ answer: ScriptedAnswer,
        _ request: ChatServerRequest,
        _ fault: VendorFault?,
        _ dialect: any ChatDialect,
        shareBeforeReset: Double = 0.5
    ) {
        frames = dialect.frames(answer, to: request)
        switch fault {
        case .malformed: frames = [ChatFrame(dialect.malformed)]
        case .reset:
            end = .reset
            let count = max(1, Int(Double(frames.count) * shareBeforeReset))
            frames = shareBeforeReset > 0 ? Array(frames.prefix(count)) : []
            if !frames.isEmpty { frames[frames.count - 1].bytes.removeLast(3) }
        case .slowDrip: drips = true
        case .truncatedUTF8: frames = Self.truncated(answer, request, dialect)
        case .empty: frames = dialect.frames(ScriptedAnswer([]), to: request)
        case .endless:
            frames = dialect.frames(ScriptedAnswer([.text("And"), .text(" so on")], end: .cut), to: request)
            end = .endless
        case .unauthorized, .tooManyRequests, .serverError, .halfOpen, nil: break
        }
    }

    /// The first token of text ends in the middle of a character: two of the three bytes of a euro sign.
    private static func truncated(
        _ answer: ScriptedAnswer,
        _ request: ChatServerRequest,
        _ dialect: any ChatDialect
    ) -> [ChatFrame] {
        // A character of its own, of three bytes, holds the place.
        let mark = "\u{E000}"
        var answer = answer
        for (index, piece) in answer.pieces.enumerated() {
            guard case .text(let text) = piece else { continue }
            answer.pieces[index] = .text(text + mark)
            break
        }
        return dialect.frames(answer, to: request).map { frame in
            var frame = frame
            guard let start = frame.bytes.indices.first(where: { frame.bytes[$0...].starts(with: mark.utf8) }) else {
                return frame
            }
            frame.bytes.replaceSubrange(start..<start + 3, with: [0xE2, 0x82])
            return frame
        }
    }
}
