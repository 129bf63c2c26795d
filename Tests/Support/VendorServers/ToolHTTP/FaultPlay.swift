import NIOCore

extension PlainConnection {
    /// Answers a request with a fault instead.
    ///
    /// - Parameter whole: the right answer, of which some faults send a part.
    public func play(_ fault: VendorFault, contentType: String = "application/json", whole: String = #"{"a":"b"}"#) {
        let type = ("Content-Type", contentType)
        switch fault {
        case .unauthorized: answer(401, headers: [type], body: #"{"messages":[]}"#.utf8)
        case .tooManyRequests: answer(429, headers: [type, ("Retry-After", "1")])
        case .serverError: answer(500, headers: [("Content-Type", "text/html")], body: "<html>Sorry</html>".utf8)
        case .malformed: answer(200, headers: [type], body: #"{"items": [nonsense"#.utf8)
        case .reset:
            begin(200, headers: [type, ("Content-Length", "\(whole.utf8.count + 1)")])
            write(whole.utf8)
            reset()
        case .halfOpen: break
        case .slowDrip:
            begin(200, headers: [type, ("Content-Length", "1000000")])
            drip()
        case .truncatedUTF8:
            answer(200, headers: [type], body: Array(#"{"text":"caf"#.utf8) + [0xC3] + Array("\"}".utf8))
        case .empty: answer(200, headers: [type])
        case .endless:
            begin(200, headers: [type, ("Transfer-Encoding", "chunked")])
            pour()
        }
    }

    private func drip() {
        guard channel.isActive else { return }
        write(" ".utf8)
        after(.milliseconds(20)) { $0.drip() }
    }

    private func pour() {
        let part = String(repeating: " ", count: 65_536)
        channel.writeAndFlush(ByteBuffer(string: "10000\r\n\(part)\r\n")).whenSuccess { self.pour() }
    }
}
