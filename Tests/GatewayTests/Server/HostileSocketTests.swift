import Gateway
import Testing

/// What a broken or hostile peer may do on a socket that was accepted.
enum Misdeed: String, CaseIterable, Sendable {
    case mediaBeforeStart, malformedJSON, noEvent, badBase64, binary, wrongStream, secondStart, brokenStart
    case unknownEvent, missingField, wrongEncoding, oversizeFrame, oversizeInPieces, tooManyPieces, loneContinuation
    case unmaskedFrame, reservedOpcode, fragmentedPing, unknownTenant, stopBeforeStart, stopTwice, abruptEnd,
        abruptReset
    case abruptEndInACall, brokenFrameInACall, halfAFrame, noise
}

extension Loopback {
    @Suite("Hostile sockets") struct HostileSockets {
        private struct Outcome {
            /// The close code the engine must give; nil where the peer ends the connection.
            var code: UInt16?
            var counted: [String]
        }

        private func frames(_ reason: String) -> String {
            #"parley_frames_rejected_total{provider="twilio",reason="\#(reason)"}"#
        }
        private func closes(_ reason: String) -> String { #"parley_sockets_closed_total{reason="\#(reason)"}"# }

        /// Does the deed and says what must have come of it. Where the socket survives, it then makes a call.
        private func commit(_ deed: Misdeed, _ socket: TestSocket) async throws -> Outcome {
            let big = [UInt8](repeating: 0x20, count: 65_537)
            switch deed {
            case .mediaBeforeStart:
                try await socket.send(#"{"event":"media","media":{"payload":"/w=="}}"#)
                return try await goOn(socket, [frames("before_start")])
            case .malformedJSON:
                for text in [#"{"event":"media","#, "", "[]", "null", String(repeating: "[", count: 60_000)] {
                    try await socket.send(text)
                }
                return try await goOn(socket, [frames("bad_json")])
            case .noEvent:
                try await socket.send(#"{"foo":1}"#)
                return try await goOn(socket, [frames("no_event")])
            case .badBase64:
                return try await goOn(
                    socket,
                    [frames("bad_base64")],
                    then: #"{"event":"media","streamSid":"MZ1","media":{"payload":"***"}}"#
                )
            case .binary:
                try await socket.send(opcode: 2, [1, 2, 3])
                return try await goOn(socket, [frames("binary")])
            case .wrongStream:
                return try await goOn(
                    socket,
                    [frames("wrong_stream")],
                    then: #"{"event":"stop","streamSid":"MZ2"}"#
                )
            case .secondStart:
                return try await goOn(socket, [frames("second_start")], then: TestSocket.startMessage())
            case .brokenStart:
                try await socket.send(#"{"event":"start","start":{"callSid":"CA1"}}"#)
                return try await goOn(socket, [frames("bad_start")])
            case .unknownEvent:
                try await socket.send(#"{"event":"novelty","x":{}}"#)
                return try await goOn(socket, [frames("unknown_event")])
            case .missingField:
                return try await goOn(
                    socket,
                    [frames("missing_field")],
                    then: #"{"event":"dtmf","streamSid":"MZ1","dtmf":{}}"#
                )
            case .wrongEncoding:
                try await socket.send(
                    TestSocket.startMessage(format: #"{"encoding":"audio/l16","sampleRate":16000,"channels":1}"#)
                )
                return Outcome(code: 1003, counted: [closes("wrong_format"), frames("bad_start")])
            case .oversizeFrame:
                try await socket.send(opcode: 1, big)
                return Outcome(code: 1009, counted: [frames("too_large"), closes("too_large")])
            case .oversizeInPieces:
                try await socket.send(opcode: 1, Array(big.prefix(40_000)), fin: false)
                try await socket.send(opcode: 0, Array(big.prefix(40_000)))
                return Outcome(code: 1009, counted: [frames("too_large"), closes("too_large")])
            case .tooManyPieces:
                try await socket.send(opcode: 1, [0x20], fin: false)
                for _ in 0..<20 { try await socket.send(opcode: 0, [0x20], fin: false) }
                return Outcome(code: 1002, counted: [closes("protocol_error")])
            case .loneContinuation:
                try await socket.send(opcode: 0, [0x20])
                return Outcome(code: 1002, counted: [closes("protocol_error")])
            case .reservedOpcode:
                try await socket.send(opcode: 3, [])
                return Outcome(code: 1002, counted: [closes("protocol_error")])
            case .unmaskedFrame:
                try await socket.send(opcode: 1, Array(#"{"event":"novelty"}"#.utf8), masked: false)
                return Outcome(code: 1002, counted: [closes("protocol_error")])
            case .brokenFrameInACall:
                try await socket.start()
                _ = try await socket.greeting()
                try await socket.send(opcode: 1, big)
                return Outcome(
                    code: 1009,
                    counted: [frames("too_large"), #"parley_calls_total{provider="twilio",outcome="protocol_error"}"#]
                )
            case .fragmentedPing:
                try await socket.send(opcode: 9, [1], fin: false)
                return Outcome(code: 1002, counted: [closes("protocol_error")])
            case .unknownTenant:
                try await socket.start(tenant: "nobody")
                return Outcome(code: 1008, counted: [closes("unknown_tenant")])
            case .stopBeforeStart:
                try await socket.stop()
                return Outcome(code: 1000, counted: [])
            case .stopTwice:
                try await socket.start()
                _ = try await socket.greeting()
                try await socket.send(raw: TestSocket.frame(opcode: 1, Array(#"{"event":"stop"}"#.utf8)) * 3)
                return Outcome(code: 1000, counted: [frames("after_stop")])
            case .abruptEnd: try await socket.drop()
            case .abruptReset: try await socket.reset()
            case .abruptEndInACall:
                try await socket.start()
                _ = try await socket.greeting()
                try await socket.drop()
                return Outcome(
                    code: nil,
                    counted: [#"parley_calls_total{provider="twilio",outcome="connection_lost"}"#]
                )
            case .halfAFrame:
                try await socket.send(raw: Array(TestSocket.frame(opcode: 1, big.prefix(500) + []).prefix(100)))
                try await socket.drop()
            case .noise:
                try await socket.send(raw: (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) })
                try await socket.drop()
            }
            return Outcome(code: nil, counted: [])
        }

        private func goOn(_ socket: TestSocket, _ counted: [String], then text: String? = nil) async throws -> Outcome {
            try await socket.start()
            #expect(try await socket.greeting() != nil)
            if let text { try await socket.send(text) }
            try await socket.stop()
            return Outcome(code: 1000, counted: counted)
        }

        /// Read one by one as the library is told of them, and together once a slot, as with many calls.
        @Test(arguments: Misdeed.allCases, [EngineRig.settings.manySockets, 1])
        func itIsEndedAsItMustBeAndTheNextCallIsFine(_ deed: Misdeed, _ manySockets: Int) async throws {
            var settings = EngineRig.settings
            settings.manySockets = manySockets
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                #expect(socket.status == 101)
                let outcome = try await commit(deed, socket)
                if let code = outcome.code { #expect(try await socket.closeCode() == code) }
                try await rig.waitUntilEmpty()
                for line in outcome.counted { #expect(try await rig.metric(line) ?? 0 >= 1, "\(line)") }
                try await rig.placeGoodCall()
                try await rig.waitUntilEmpty()
            }
        }

        @Test func aSocketThatNeverStartsIsClosed() async throws {
            var settings = EngineRig.settings
            settings.startTimeoutSeconds = 1
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                #expect(try await socket.closeCode() == 1008)
                #expect(try await rig.metric(closes("no_start")) == 1)
                try await rig.waitUntilEmpty()
                try await rig.placeGoodCall()
            }
        }

        /// After the engine has said that it closes, a late `start` must not begin a call.
        @Test func aStartAfterTheCloseBeginsNothing() async throws {
            var settings = EngineRig.settings
            settings.startTimeoutSeconds = 1
            try await EngineRig.run(settings) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                _ = try await socket.first { if case .close = $0 { true } else { false } }
                try await socket.start()
                while try await socket.next() != nil {}
                try await rig.waitUntilEmpty()
                let ended = try await rig.get("/metrics").body.split(separator: "\n").filter {
                    $0.hasPrefix("parley_calls_total") && !$0.hasSuffix(" 0")
                }
                #expect(ended.isEmpty, "\(ended)")
            }
        }

        /// Places are not lost to peers that come and go in every way.
        @Test func afterManyBadPeersEveryPlaceIsFree() async throws {
            var settings = EngineRig.settings
            settings.maximumCalls = 4
            try await EngineRig.run(settings) { rig in
                for round in 0..<40 {
                    let socket = try await TestSocket.open(port: rig.port)
                    if socket.status == 101 {
                        if round % 3 == 0 { try await socket.start(call: "CA\(round)") }
                        if round % 4 == 1 { try await socket.reset() } else { try await socket.drop() }
                    } else {
                        #expect(socket.status == 503)
                    }
                }
                try await rig.waitUntilEmpty()
                var sockets: [TestSocket] = []
                for _ in 0..<4 { sockets.append(try await TestSocket.open(port: rig.port)) }
                #expect(sockets.map(\.status) == [101, 101, 101, 101])
                for socket in sockets { try await socket.drop() }
                try await rig.waitUntilEmpty()
            }
        }
    }
}

private func * (bytes: [UInt8], count: Int) -> [UInt8] { (0..<count).flatMap { _ in bytes } }
