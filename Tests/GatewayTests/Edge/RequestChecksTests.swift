import Gateway
import NIOHTTP1
import Testing

@Suite("Checks of a request's head")
struct RequestChecksTests {
    private let limits = RequestLimits(
        requestLineBytes: 100,
        headerBytes: 500,
        bodyBytes: 1000,
        headTime: .seconds(1),
        bodyTime: .seconds(1)
    )

    private func refusal(
        _ headers: [(String, String)],
        uri: String = "/twilio/voice",
        version: HTTPVersion = .http1_1,
        method: HTTPMethod = .POST
    ) -> EdgeRefusal? {
        let head = HTTPRequestHead(version: version, method: method, uri: uri, headers: HTTPHeaders(headers))
        return RequestChecks.refusal(of: head, limits: limits)
    }

    @Test(
        arguments: [
            ([("Host", "a")], nil), ([("Host", "a.example:80")], nil), ([("Host", "[::1]:80")], nil),
            ([], .badHost), ([("Host", "a"), ("Host", "a")], .badHost), ([("Host", "")], .badHost),
            ([("Host", "a b")], .badHost), ([("Host", "u@a")], .badHost), ([("Host", "a/b")], .badHost),
            ([("Host", "a"), ("Content-Length", "1000")], nil),
            ([("Host", "a"), ("Content-Length", "1001")], .tooLarge),
            ([("Host", "a"), ("Content-Length", "99999999999999999999")], .tooLarge),
            ([("Host", "a"), ("Content-Length", "-1")], .badFraming),
            ([("Host", "a"), ("Content-Length", "+1")], .badFraming),
            ([("Host", "a"), ("Content-Length", "1, 1")], .badFraming),
            ([("Host", "a"), ("Content-Length", "0x1")], .badFraming),
            ([("Host", "a"), ("Content-Length", "1"), ("Content-Length", "1")], .badFraming),
            ([("Host", "a"), ("Transfer-Encoding", "chunked")], nil),
            ([("Host", "a"), ("Transfer-Encoding", "Chunked")], nil),
            ([("Host", "a"), ("Transfer-Encoding", "gzip, chunked")], .badFraming),
            ([("Host", "a"), ("Transfer-Encoding", "identity")], .badFraming),
            ([("Host", "a"), ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")], .badFraming),
            ([("Host", "a"), ("Transfer-Encoding", "chunked"), ("Content-Length", "3")], .badFraming),
            ([("Host", "a"), ("Content-Encoding", "gzip")], .encoding),
            ([("Host", "a"), ("Content-Encoding", "BR")], .encoding),
            ([("Host", "a"), ("Content-Encoding", "identity")], nil),
            ([("Host", "a"), ("Content-Encoding", "identity, gzip")], .encoding),
            ([("Host", "a"), ("X", String(repeating: "x", count: 494))], nil),
            ([("Host", "a"), ("X", String(repeating: "x", count: 495))], .headerTooLarge),
        ] as [([(String, String)], EdgeRefusal?)]
    )
    func headersAreHeldToTheRules(_ headers: [(String, String)], _ wanted: EdgeRefusal?) {
        #expect(refusal(headers) == wanted)
    }

    @Test(
        arguments: [
            ("/", nil), ("/a?b=c", nil), ("/" + String(repeating: "a", count: 99), nil),
            ("/" + String(repeating: "a", count: 100), .uriTooLong), ("http://a/twilio/voice", .badTarget),
            ("a:443", .badTarget), ("/\u{FFFD}", .badTarget), ("/a b", .badTarget), ("*", .badTarget), ("", .badTarget),
        ] as [(String, EdgeRefusal?)]
    )
    func targetsArePathsOfABoundedLength(_ uri: String, _ wanted: EdgeRefusal?) {
        #expect(refusal([("Host", "a")], uri: uri) == wanted)
    }

    @Test func anOldPeerNeedsNoHostAndKnowsNoChunks() {
        #expect(refusal([], version: .http1_0) == nil)
        #expect(refusal([("Transfer-Encoding", "chunked")], version: .http1_0) == .badFraming)
        #expect(refusal([("Host", "a")], uri: "*", method: .OPTIONS) == nil)
    }

    @Test(arguments: [
        ("/health/live", "edge", true, true, false), ("/metrics?x", "edge", true, true, false),
        ("/twilio/health", "twilio", true, true, false), ("/twilio/sessions", "twilio", false, true, false),
        ("/twilio/voice", "twilio", false, false, true), ("//twilio///voice/", "twilio", false, false, true),
        ("/twilio/voice?a=/b", "twilio", false, false, true), ("/twilio/status", "twilio", false, false, false),
        ("/twilio/ws", "twilio", false, false, false), ("/twilio/voice/x", "twilio", false, false, false),
        ("/ringover/ws", "ringover", false, false, false),
        ("/api/v1/webhooks/ringover/event", "ringover", false, false, false),
        ("/api/v1/webhooks/ringover", "ringover", false, false, false),
        ("/api//v1/webhooks/other", "edge", false, false, false),
        ("/api/v1/ringcentral/webhooks/events", "ringcentral", false, false, false),
        ("/api/v1/ringover/calls", "edge", false, true, false),
        ("/api/v1/calls/1/transfer", "edge", false, true, false),
        ("/console/", "edge", false, true, false), ("/openapi.yaml", "edge", false, true, false),
        ("/", "edge", false, false, false), ("/ws", "edge", false, false, false),
        ("/%74wilio/voice", "edge", false, false, false), ("/api/v2/x", "edge", false, false, false),
    ])
    func aPathSaysForWhomItIs(
        _ uri: String,
        _ provider: String,
        _ isOperations: Bool,
        _ isOpen: Bool,
        _ speaksTwiML: Bool
    ) {
        let kind = RequestKind(uri: uri)
        #expect(kind.provider == provider && kind.isOperations == isOperations)
        #expect(kind.isOpen == isOpen && kind.speaksTwiML == speaksTwiML)
    }
}
