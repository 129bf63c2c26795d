import Caller
import Codecs
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization
import Testing

@Suite("A Ringover call over the loopback", .timeLimit(.minutes(5)))
struct RingoverCallTests {
    private func place(
        _ manner: FakeRingoverEngine.Manner = .init(),
        change: (inout RingoverCallConfiguration) -> Void = { _ in }
    ) async throws -> (CallReport, FakeRingoverEngine.Seen) {
        let engine = FakeRingoverEngine(manner)
        let url = try await engine.start()
        let utterance = Utterance(
            name: "u.wav",
            audio: Tone.silence(frames: 5) + Tone.speech(frames: 20) + Tone.silence(frames: 5)
        )
        var configuration = RingoverCallConfiguration(engineURL: url, utterances: [utterance])
        configuration.token = "t0ken"
        configuration.manner.waitSilence = .milliseconds(200)
        configuration.manner.maxWait = .seconds(5)
        configuration.manner.maxDuration = .seconds(20)
        change(&configuration)
        do {
            let report = try await RingoverCall(configuration: configuration).run()
            try await engine.stop()
            return (report, engine.seen)
        } catch {
            try await engine.stop()
            throw error
        }
    }

    @Test(arguments: [8000, 16_000]) func aCallIsStreamedSpokenAnsweredAndHungUp(_ rate: Int) async throws {
        let (report, seen) = try await place(.init(rate: rate)) { $0.sampleRate = rate }
        #expect(report.provider == "ringover" && report.end == .answered && report.warnings.isEmpty)
        #expect(report.turns.count == 1 && report.turns[0].responseMs != nil && report.greetingMs != nil)
        #expect(report.playout.gaps20 == 0)
        #expect(seen.uri == "/ringover/ws" && seen.token == "t0ken")
        let metadata = try Vectors.parse(seen.texts.first ?? "")
        #expect(metadata["call_id"] as? String == report.callSid && metadata["to"] as? String == "15550100")
        #expect(metadata["sampleRate"] as? Int == rate)
        #expect(Set(seen.sizes) == [rate / 25], "20 ms of 16 bit")
        #expect(seen.sizes.count == report.framesSent && seen.closed)
        #expect(report.said.count == report.heard.count)
    }

    @Test func aBreakStopsWhatIsPlayedAndATransferEndsTheCall() async throws {
        let (report, seen) = try await place(
            .init(interrupts: true, answer: #"{"event":"transfer","data":33184800001}"#)
        )
        #expect(report.end == .transferred && report.playout.clears == 1)
        #expect(seen.closed)
    }

    @Test func aRefusedTokenIsExplained() async throws {
        await #expect(throws: CallError.self) { try await place(.init(accepts: false)) }
        do {
            _ = try await place(.init(accepts: false))
        } catch {
            #expect("\(error)".contains("--stream-token"))
        }
    }

    @Test func whatCannotWorkIsSaidBeforehand() {
        let utterance = Utterance(name: "u", audio: Tone.speech(frames: 5))
        var configuration = RingoverCallConfiguration(engineURL: "ws://127.0.0.1:8765/ws", utterances: [utterance])
        #expect(throws: Never.self) { try configuration.validate() }
        configuration.sampleRate = 44_100
        #expect(throws: CallError.badSampleRate(44_100)) { try configuration.validate() }
        #expect(throws: CallError.self) {
            try RingoverCallConfiguration(engineURL: "wss://x/ws", utterances: [utterance]).validate()
        }
        #expect(throws: CallError.noUtterance) {
            try RingoverCallConfiguration(engineURL: "http://x", utterances: []).validate()
        }
    }

    @Test func theEnginesMessagesAreReadAsTheVendorShowsThem() throws {
        let stream = try RingoverStream(configuration: .init(engineURL: "http://x", utterances: []))
        func read(_ text: String) -> Reading {
            let (message, fault) = stream.read(Array(text.utf8))
            return Reading(message, fault)
        }
        #expect(read(#"{"event":"break"}"#) == Reading(.clear, nil))
        #expect(read(#"{"event":"transfer","data":33184800001}"#) == Reading(.transfer("+33184800001"), nil))
        #expect(read(#"{"event":"digits","data":123}"#) == Reading(.digits("123"), nil))
        #expect(read(#"{"event":"digits","data":"0*#"}"#) == Reading(.digits("0*#"), nil))
        #expect(read(#"{"event":"play","file":"https://x/a.mp3"}"#) == Reading(nil, nil))
        #expect(read(#"{"event":"clear"}"#) == Reading(nil, .unknownEvent))
        #expect(read("{}") == Reading(nil, .missingField))
        #expect(read("{") == Reading(nil, .undecodable))
        #expect(read(#"{"event":"transfer"}"#) == Reading(nil, .missingField))
        func audio(_ type: String, _ rate: Int, _ data: String) -> Reading {
            let inner = #"{"audioDataType":"\#(type)","sampleRate":\#(rate),"audioData":"\#(data)"}"#
            return read(#"{"type":"streamAudio","data":\#(inner)}"#)
        }
        #expect(audio("raw", 8000, "AAAAAA==") == Reading(.media([0xFF, 0xFF]), nil))
        for bad in [audio("mp3", 8000, "AAAAAA=="), audio("raw", 8000, "AAAA"), audio("raw", 44_100, "AAAAAA==")] {
            #expect(bad == Reading(nil, .badPayload))
        }
        #expect(audio("raw", 8000, "?") == Reading(nil, .badPayload))
    }
}

private struct Reading: Equatable {
    var message: EngineMessage?
    var fault: ProtocolFault?

    init(_ message: EngineMessage?, _ fault: ProtocolFault?) {
        self.message = message
        self.fault = fault
    }
}

/// A minimal engine: greets, answers the first utterance, and stops when it is told to interrupt itself.
final class FakeRingoverEngine: Sendable {
    struct Manner: Sendable {
        var rate = 8000
        var accepts = true
        /// A long greeting is broken off when the caller is heard.
        var interrupts = false
        /// Sent instead of an answer in audio.
        var answer: String?
    }
    struct Seen: Sendable {
        var uri = ""
        var token: String?
        var texts: [String] = []
        var sizes: [Int] = []
        var closed = false
    }

    let manner: Manner
    private let state = Mutex(Seen())
    private let channel = Mutex<(any Channel)?>(nil)

    init(_ manner: Manner) { self.manner = manner }

    var seen: Seen { state.withLock { $0 } }
    func see(_ change: (inout Seen) -> Void) { state.withLock { change(&$0) } }

    func start() async throws -> String {
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let upgrader = NIOWebSocketServerUpgrader(
                        maxFrameSize: 1 << 20,
                        shouldUpgrade: { channel, head in
                            self.see {
                                $0.uri = head.uri
                                $0.token = head.headers.first(name: "X-Parley-Token")
                            }
                            return channel.eventLoop.makeSucceededFuture(self.manner.accepts ? [:] : nil)
                        },
                        upgradePipelineHandler: { channel, _ in
                            channel.eventLoop.makeCompletedFuture {
                                try channel.pipeline.syncOperations.addHandler(FakeRingoverStream(self))
                            }
                        }
                    )
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withServerUpgrade: (
                            upgraders: [upgrader],
                            completionHandler: { context in
                                context.pipeline.syncOperations.removeHandler(name: "refusal", promise: nil)
                            }
                        )
                    )
                    try channel.pipeline.syncOperations.addHandler(Refusal(), name: "refusal")
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = listening }
        return "http://127.0.0.1:\(listening.localAddress?.port ?? 0)"
    }

    func stop() async throws { try await channel.withLock { $0 }?.close() }

    private final class Refusal: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = unwrapInboundIn(data) else { return }
            let head = HTTPResponseHead(version: .http1_1, status: .forbidden, headers: ["Content-Length": "0"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

private final class FakeRingoverStream: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame
    private let engine: FakeRingoverEngine
    private var speechFrames = 0
    private var quietFrames = 0
    private var hasBroken = false

    init(_ engine: FakeRingoverEngine) { self.engine = engine }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text:
            engine.see { $0.texts.append(String(buffer: frame.unmaskedData)) }
            say(frames: engine.manner.interrupts ? 100 : 15, context)
            // The caller does not wait for a greeting that is too long.
            if engine.manner.interrupts {
                hasBroken = true
                write(.text, ByteBuffer(string: #"{"event":"break"}"#), context)
                say(frames: 10, context)
            }
        case .binary: heard(frame.unmaskedData, context)
        case .connectionClose:
            engine.see { $0.closed = true }
            write(.connectionClose, frame.unmaskedData, context)
            context.close(promise: nil)
        default: break
        }
    }

    private func heard(_ audio: ByteBuffer, _ context: ChannelHandlerContext) {
        engine.see { $0.sizes.append(audio.readableBytes) }
        var audio = audio
        var loudest: Int16 = 0
        while let sample = audio.readInteger(endianness: .little, as: Int16.self) {
            loudest = max(loudest, sample.magnitude > 30_000 ? 30_000 : abs(sample))
        }
        if loudest > 500 {
            speechFrames += 1
            quietFrames = 0
        } else if speechFrames > 0 {
            quietFrames += 1
            guard quietFrames == 10 else { return }
            speechFrames = 0
            if let answer = engine.manner.answer {
                write(.text, ByteBuffer(string: answer), context)
            } else {
                say(frames: 20, context)
            }
        }
    }

    /// Tones of 100 ms a message.
    private func say(frames: Int, _ context: ChannelHandlerContext) {
        let rate = engine.manner.rate
        for _ in 0..<frames / 5 {
            let bytes = (0..<rate / 10).flatMap { index -> [UInt8] in
                let sample = Int16(8000 * sin(Double(index) * 2 * .pi * 400 / Double(rate)))
                return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
            }
            let text =
                #"{"type":"streamAudio","data":{"audioDataType":"raw","sampleRate":\#(rate),"#
                + #""audioData":"\#(Data(bytes).base64EncodedString())"}}"#
            write(.text, ByteBuffer(string: text), context)
        }
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
    }
}
