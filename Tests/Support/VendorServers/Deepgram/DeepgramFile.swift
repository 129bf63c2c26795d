/// A recording that was posted, for a test to look at.
public struct DeepgramFile: Sendable {
    public let query: [String: [String]]
    public let contentType: String?
    public let bytes: [UInt8]
}

extension DeepgramServer {
    /// Two channels with two words each, however long the recording.
    static let fileAnswer =
        #"{"metadata":{"request_id":"x","duration":4.5,"channels":2},"results":{"channels":["#
        + #"{"detected_language":"en","alternatives":[{"transcript":"Good morning.","confidence":0.98,"words":[]}]},"#
        + #"{"detected_language":"en","alternatives":[{"transcript":"Hello there.","confidence":0.91,"words":[]}]}],"#
        + #""utterances":[{"start":0.5,"end":1.4,"confidence":0.98,"channel":0,"transcript":"Good morning.","speaker":0,"id":"a","#
        + #""words":[{"word":"good","start":0.5,"end":0.9,"confidence":0.97,"punctuated_word":"Good","speaker":0},"#
        + #"{"word":"morning","start":0.9,"end":1.4,"confidence":0.99,"punctuated_word":"morning.","speaker":0}]},"#
        + #"{"start":2.0,"end":3.0,"confidence":0.91,"channel":1,"transcript":"Hello there.","id":"b","#
        + #""words":[{"word":"hello","start":2.0,"end":2.4,"confidence":0.9,"punctuated_word":"Hello"},"#
        + #"{"word":"there","start":2.4,"end":3.0,"confidence":0.92,"punctuated_word":"there."}]}]}}"#

    func answerFile(_ request: PlainRequest, query: [String: [String]], _ connection: PlainConnection) {
        let (fault, script) = state.withLock { state in
            state.files.append(
                DeepgramFile(
                    query: query,
                    contentType: request.headers["Content-Type"].first,
                    bytes: Array(request.body.readableBytesView)
                )
            )
            return (state.everywhere, state.script)
        }
        if refuse(request, query: query, fault: fault, connection) { return }
        guard case .vendor(let fault) = fault else {
            let answer = script.fileAnswer ?? Self.fileAnswer
            return connection.after(script.delay) { $0.answer(200, body: Array(answer.utf8)) }
        }
        connection.fail(fault, answer: Self.fileAnswer)
    }
}

extension PlainConnection {
    /// An answer in JSON that goes wrong after its status.
    public func fail(_ fault: VendorFault, answer: String) {
        switch fault {
        case .unauthorized: self.answer(401)
        case .tooManyRequests: self.answer(429, headers: [("Retry-After", "1")])
        case .serverError: self.answer(500, body: Array("<html>oops</html>".utf8))
        case .malformed: self.answer(200, body: Array(answer.utf8.dropLast(10)))
        case .reset:
            begin(200, headers: [("Content-Length", "\(answer.utf8.count)")])
            write(answer.utf8.prefix(20))
            reset()
        case .halfOpen: break
        case .slowDrip:
            begin(200, headers: [("Transfer-Encoding", "chunked")])
            drip()
        case .truncatedUTF8: self.answer(200, body: Array(answer.utf8.prefix(60)) + [0xE2, 0x82, 0x22, 0x7D])
        case .empty: self.answer(200)
        case .endless:
            begin(200, headers: [("Transfer-Encoding", "chunked")])
            pour()
        }
    }

    private func drip() {
        chunk(" ".utf8)
        after(.milliseconds(20)) { $0.drip() }
    }

    private func pour() {
        chunk(Array(repeating: UInt8(ascii: " "), count: 10_000))
        after(.milliseconds(1)) { $0.pour() }
    }
}
