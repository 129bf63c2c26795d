import Foundation
import Gateway
import NIOCore
import Testing

extension Loopback {
    /// Requests as bytes, as a client writes them that does not keep to the rules.
    @Suite("Limits of requests") struct RequestLimitRoutes {
        private static var settings: EngineSettings {
            var settings = EngineRig.settings
            settings.bodyBytes = 2048
            settings.edge.headerBytes = 2048
            settings.edge.requestLineBytes = 512
            return settings
        }

        private func rejected(_ reason: String, _ provider: String = "twilio") -> String {
            #"parley_webhook_rejected_total{provider="\#(provider)",reason="\#(reason)"}"#
        }

        struct Bad: Sendable, CustomTestStringConvertible {
            let name: String
            let raw: [UInt8]
            let status: Int
            let reason: String
            var provider = "twilio"
            var testDescription: String { name }

            init(_ name: String, _ raw: String, _ status: Int, _ reason: String, _ provider: String = "twilio") {
                self.init(name, Array(raw.utf8), status, reason, provider)
            }
            init(_ name: String, _ raw: [UInt8], _ status: Int, _ reason: String, _ provider: String = "twilio") {
                self.name = name
                self.raw = raw
                self.status = status
                self.reason = reason
                self.provider = provider
            }
        }

        private static let post = "POST /twilio/voice HTTP/1.1\r\nHost: a\r\n"
        private static let form = "Content-Type: application/x-www-form-urlencoded\r\n"

        static let bad: [Bad] = [
            Bad(
                "long header",
                post + "X: " + String(repeating: "x", count: 3000) + "\r\n\r\n",
                431,
                "header_too_large",
                "edge"
            ),
            Bad(
                "many headers",
                post + (0..<150).map { "X\($0): y\r\n" }.joined() + "\r\n",
                431,
                "header_too_large",
                "edge"
            ),
            Bad(
                "header without end",
                post + "X:" + String(repeating: " ", count: 100_000),
                431,
                "header_too_large",
                "edge"
            ),
            Bad(
                "long target",
                "GET /twilio/ws?\(String(repeating: "x", count: 600)) HTTP/1.1\r\nHost: a\r\n\r\n",
                414,
                "uri_too_long"
            ),
            Bad("declared body", post + form + "Content-Length: 2049\r\n\r\n", 413, "too_large"),
            Bad("immense length", post + form + "Content-Length: 99999999999999999\r\n\r\n", 413, "too_large"),
            Bad(
                "chunked body",
                post + form + "Transfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: "400\r\n\(String(repeating: "a", count: 1024))\r\n", count: 3),
                413,
                "too_large"
            ),
            Bad(
                "two lengths",
                post + form + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
                400,
                "bad_"
            ),
            Bad("two equal lengths", post + form + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400, "bad_"),
            Bad("list of codings", post + form + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "bad_"),
            Bad("bad chunk", post + form + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "bad_request", "edge"),
            Bad("compressed", post + form + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 415, "encoding"),
            Bad("no host", "GET /twilio/ws HTTP/1.1\r\n\r\n", 400, "bad_host"),
            Bad("two hosts", "GET /twilio/ws HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "bad_host"),
            Bad("absolute target", "GET http://a/twilio/ws HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target", "edge"),
            Bad("older than HTTP/1.0", "GET /twilio/ws\r\n\r\n", 400, "bad_request", "edge"),
            Bad("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad_request", "edge"),
            Bad(
                "TLS on a plain port",
                [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03],
                400,
                "bad_request",
                "edge"
            ),
            Bad("noise", (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 200) }, 400, "bad_request", "edge"),
            Bad("header name with a space", "GET /a HTTP/1.1\r\nHost : a\r\n\r\n", 400, "bad_request", "edge"),
        ]

        @Test(arguments: bad) func aBadRequestIsAnsweredCountedAndClosed(_ bad: Bad) async throws {
            try await EngineRig.run(Self.settings) { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                try await socket.send(raw: bad.raw)
                try await socket.readHead()
                #expect(socket.status == bad.status)
                #expect(socket.head.lowercased().contains("connection: close"))
                #expect(socket.head.lowercased().contains("x-content-type-options: nosniff"))
                let body = await socket.readBody()
                let json = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
                let error = json.object("error")
                #expect(error.text("code").hasPrefix(bad.reason) && !error.text("message").isEmpty)
                let count = try await rig.get("/metrics").body.split(separator: "\n").filter {
                    $0.hasPrefix("parley_webhook_rejected_total{provider=\"")
                        && $0.contains("reason=\"\(bad.reason)") && $0.hasSuffix(" 1")
                }
                #expect(count.count == 1, "\(count)")
                if !bad.reason.hasSuffix("_") {
                    #expect(try await rig.metric(rejected(bad.reason, bad.provider)) == 1)
                }
                #expect(try await rig.get("/health/live").status == 200)
            }
        }

        /// The client is told before it has sent everything, and its connection is not reset under it.
        @Test func aBodyOfTenMegabytesIsRefusedWhileItIsBeingSent() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                try await socket.send(raw: Self.post + Self.form + "Content-Length: 10485760\r\n\r\n")
                for _ in 0..<160 { try await socket.send(raw: [UInt8](repeating: 0x61, count: 65_536)) }
                try await socket.readHead()
                #expect(socket.status == 413)
                #expect(await socket.readBody().contains("too_large"))
                #expect(try await rig.metric(rejected("too_large")) == 1)
            }
        }

        @Test func aBombIsNotUnpacked() async throws {
            try await EngineRig.run { rig in
                // A gzip member of 1 kB that stands for a million zeros need not even be one: nothing looks inside.
                let answer = try await rig.request(
                    .POST,
                    "/twilio/voice",
                    headers: [
                        ("Content-Type", "application/x-www-form-urlencoded"), ("Content-Encoding", "gzip"),
                    ],
                    body: [0x1F, 0x8B, 0x08] + [UInt8](repeating: 0, count: 1000)
                )
                #expect(answer.status == 415 && answer.errorCode == "encoding")
            }
        }

        @Test func bytesThatAreNoUTF8AreRefusedAndNotRepeated() async throws {
            try await EngineRig.run { rig in
                for raw in [
                    Array("GET /a\u{0}b HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
                    Array("GET /".utf8) + [0xFF, 0xFE] + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
                    Array("GET /a HTTP/1.1\r\nHost: ".utf8) + [0xC3, 0x28] + Array("\r\n\r\n".utf8),
                    Array("POST /twilio/voice HTTP/1.1\r\nHost: a\r\n\(Self.form)Content-Length: 6\r\n\r\na=".utf8)
                        + [0xC3, 0x28, 0xA0, 0xA1],
                ] {
                    let socket = try await TestSocket.connect(port: rig.port)
                    try await socket.send(raw: raw)
                    try await socket.readHead()
                    #expect([400, 404].contains(socket.status), "\(socket.status)")
                    try await socket.drop()
                }
                #expect(try await rig.get("/health/live").status == 200)
            }
        }

        // MARK: Time

        @Test(arguments: [
            "GET", "GET /twilio/ws HTTP/1.1\r\nHost: a\r\n", "GET /twilio/ws HTTP/1.1\r\nHost: a\r\nX: y",
        ])
        func aHeadThatNeverEndsIsAnswered408(_ beginning: String) async throws {
            var settings = EngineRig.settings
            settings.edge.headTimeoutSeconds = 1
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                try await socket.send(raw: beginning)
                try await socket.readHead()
                #expect(socket.status == 408)
                #expect(await socket.readBody().contains("too_slow"))
                #expect(try await rig.metric(rejected("too_slow", "edge")) == 1)
            }
        }

        /// One byte now and then is no progress: the time is the whole head's.
        @Test func aTrickleDoesNotExtendTheTime() async throws {
            var settings = EngineRig.settings
            settings.edge.headTimeoutSeconds = 1
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                let channel = socket.channel
                let trickle = Task {
                    try await channel.writeAndFlush(ByteBuffer(string: "GET /twilio/ws HTTP/1.1\r\nHost: a\r\nX: "))
                    while !Task.isCancelled {
                        try await channel.writeAndFlush(ByteBuffer(string: "x"))
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
                try await socket.readHead()
                #expect(socket.status == 408)
                trickle.cancel()
            }
        }

        @Test(arguments: [
            "Content-Length: 10\r\n\r\nTo=", "Content-Length: 10\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n2\r\nTo\r\n",
        ])
        func aBodyThatNeverEndsIsAnswered408(_ rest: String) async throws {
            var settings = EngineRig.settings
            settings.edge.bodyTimeoutSeconds = 1
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                try await socket.send(raw: Self.post + Self.form + rest)
                try await socket.readHead()
                #expect(socket.status == 408)
                #expect(await socket.readBody().contains("too_slow"))
                #expect(try await rig.metric(rejected("too_slow")) == 1)
            }
        }

        @Test func anIdleConnectionIsClosedWithoutAWord() async throws {
            var settings = EngineRig.settings
            settings.edge.headTimeoutSeconds = 1
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                #expect(await socket.readBody().isEmpty)
            }
        }

        // MARK: Order

        /// A refusal comes after the answers to the requests before it on the same connection.
        @Test func answersKeepTheirOrder() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                let good = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
                try await socket.send(raw: good + good + "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + good)
                let all = await socket.readBody()
                let statuses = all.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
                #expect(statuses == ["200", "200", "400"])
            }
        }

        @Test func aConnectionIsKeptForTheNextGoodRequest() async throws {
            try await EngineRig.run { rig in
                let socket = try await TestSocket.connect(port: rig.port)
                for _ in 0..<3 {
                    try await socket.send(raw: "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
                    try await socket.readHead()
                    #expect(socket.head.contains(" 200 "))
                }
                let body = Self.post + Self.form + "Content-Length: 4\r\n\r\nTo=1"
                try await socket.send(raw: body + "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                let all = await socket.readBody()
                #expect(all.components(separatedBy: "HTTP/1.1 200").count == 3, "\(all)")
            }
        }
    }
}
