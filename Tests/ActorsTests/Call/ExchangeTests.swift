import Actors
import Engine
import TestSupport
import Testing

/// Whole calls on real workers, with fake legs: what the thread sanitizer watches.
@Suite("Exchange")
struct ExchangeTests {
    private struct Bench {
        let exchange: Exchange
        let transcriber: FakeTranscriber
        let observer = RecordingObserver()
        let socket = SilentSocket()

        init(hears texts: [String] = [], limit: Int = 10, failure: LegError? = nil) {
            let transcriber = FakeTranscriber(texts, failure: failure)
            self.transcriber = transcriber
            let model = FakeModel { turn in
                switch turn.cause {
                case .speech(let transcript) where transcript.text.contains("bye"):
                    [.text("Goodbye "), .text("then."), .action(.hangUp)]
                default: [.intent("test"), .text("One two "), .text("three four."), .expect(.yesNo)]
                }
            }
            exchange = Exchange(
                configuration: .init(maximumCalls: limit),
                // Admission by load has its own tests: here a sanitizer and a busy machine must not refuse a call.
                media: WorkerGroup(count: 1) {
                    WorkerConfiguration(
                        name: "media-\($0)",
                        period: .milliseconds(2),
                        phaseSlots: 4,
                        overloadShare: 1
                    )
                },
                legs: WorkerGroup(count: 2) {
                    WorkerConfiguration(
                        name: "legs-\($0)",
                        period: .milliseconds(2),
                        phaseSlots: 1,
                        overloadShare: 1
                    )
                },
                meters: ActorMeters(),
                legSet: LegSet(transcriber: transcriber, model: model, synthesizer: FakeVoice()),
                observer: observer
            )
            exchange.media.start()
            exchange.legs.start()
        }

        func start(_ id: String) throws -> Line {
            try exchange.admit()
            var ends: CallEnds?
            let identity = CallIdentity(id: id, provider: "twilio", providerCallID: "CA\(id)", tenant: "test")
            exchange.start(identity, profile: .test, outbound: socket, ends: &ends)
            guard let packets = ends?.packets.take(), let messages = ends?.messages.take() else {
                preconditionFailure("a new call's rings are whole")
            }
            return Line(packets: packets, messages: messages)
        }

        func stop() {
            exchange.media.stop()
            exchange.legs.stop()
        }
    }

    /// The socket's side of a call, as a phone in fast motion: returns marks at once.
    private struct Line: ~Copyable {
        var packets: RingWriter<MediaPacket>
        var messages: RingReader<OutboundMessage>
        var audio = 0
        var clears = 0
        var closed: EndReason?

        init(packets: consuming RingWriter<MediaPacket>, messages: consuming RingReader<OutboundMessage>) {
            self.packets = packets
            self.messages = messages
        }

        mutating func pump() {
            while let message = messages.pop() {
                switch message.kind {
                case .audio: audio += 1
                case .mark: packets.push(MediaPacket(kind: .mark, value: message.value))
                case .clear: clears += 1
                case .close: closed = EndReason(rawValue: message.value)
                }
            }
        }
        mutating func speak(_ bytes: ArraySlice<UInt8>) {
            var packet = MediaPacket(kind: .audio, count: UInt8(bytes.count))
            for (index, byte) in bytes.enumerated() { packet.bytes[index] = byte }
            packets.push(packet)
        }
        mutating func hangUp() { packets.push(MediaPacket(kind: .ended, value: EndReason.providerStopped.rawValue)) }
    }

    /// Speaks a recording, one frame per 2 ms tick, and pumps the line until the agent has closed it or `limit` is over.
    private func say(_ name: String, on line: inout Line) async throws {
        let audio = try Fixtures.bytes("speech/\(name).ulaw") + [UInt8](repeating: 0xFF, count: 60 * 160)
        for start in stride(from: 0, to: audio.count - 159, by: 160) {
            line.speak(audio[start..<start + 160])
            line.pump()
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test(.timeLimit(.minutes(5))) func aCallIsGreetedAnsweredAndEndedByTheAgent() async throws {
        let bench = Bench(hears: ["good bye"])
        var line = try bench.start("1")
        await bench.observer.waitFor { if case .agentSaid = $0 { true } else { false } }
        for _ in 0..<20 where line.audio == 0 {
            line.pump()
            try await Task.sleep(for: .milliseconds(10))
        }
        let greeted = line.audio > 0
        #expect(greeted)
        // On a machine that stalls, the greeting may still be sounding over the whole of it: the caller then says it again.
        for _ in 0..<10 where bench.transcriber.count("begin") == 0 { try await say("flite_slt_05", on: &line) }
        await bench.observer.waitFor { $0 == .action(.hangUp) }
        await bench.observer.waitFor { if case .ended = $0 { true } else { false } }
        line.pump()
        let closed = line.closed
        #expect(closed == .agentHungUp)
        #expect(bench.observer.happenings.contains(.callerSaid(turn: 1, text: "good bye", confidence: 1)))
        // One turn; a machine that stalls for a second in mid-sentence makes two of it.
        #expect((1...2).contains(bench.transcriber.count("begin")))
        await bench.exchange.drain(grace: .seconds(5))
        #expect(bench.exchange.activeCalls == 0)
        #expect(bench.transcriber.count("close") == 1)
        bench.stop()
    }

    @Test(.timeLimit(.minutes(5))) func theLimitIsExactUnderConcurrency() async {
        let bench = Bench(limit: 7)
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<50).reduce(0) { count, _ in count + ((try? bench.exchange.admit()) == nil ? 0 : 1) }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 7)
        #expect(throws: Exchange.Refusal.full) { try bench.exchange.admit() }
        bench.exchange.release()
        #expect(throws: Never.self) { try bench.exchange.admit() }
        bench.stop()
    }

    @Test(.timeLimit(.minutes(5))) func aCallerWhoHangsUpEndsTheCallAndFreesItsPlace() async throws {
        let bench = Bench(limit: 1)
        var line = try bench.start("1")
        await bench.observer.waitFor { $0 == .started }
        line.hangUp()
        await bench.observer.waitFor {
            if case .ended(let outcome) = $0 { outcome.reason == .providerStopped } else { false }
        }
        await bench.exchange.drain(grace: .seconds(5))
        #expect(bench.exchange.activeCalls == 0)
        bench.stop()
    }

    @Test(.timeLimit(.minutes(5))) func drainingRefusesNewCallsAndEndsTheRestAtItsGrace() async throws {
        let bench = Bench()
        var line = try bench.start("1")
        await bench.observer.waitFor { $0 == .started }
        await bench.exchange.drain(grace: .milliseconds(50))
        #expect(throws: Exchange.Refusal.draining) { try bench.exchange.admit() }
        line.pump()
        let closed = line.closed
        #expect(closed == .drained)
        bench.stop()
    }

    @Test(.timeLimit(.minutes(5))) func aRecogniserThatCannotOpenHandsTheCallerOver() async throws {
        let error = LegError(leg: .stt, provider: "fake", code: "busy", cause: "none left", isRetryable: true)
        let bench = Bench(failure: error)
        var line = try bench.start("1")
        await bench.observer.waitFor { $0 == .legFailed(error) }
        while line.closed == nil {
            line.pump()
            try await Task.sleep(for: .milliseconds(5))
        }
        let closed = line.closed
        #expect(closed == .transferred)
        #expect(bench.observer.happenings.contains(.action(.transfer(to: "+15550100"))))
        bench.stop()
    }

    @Test(.timeLimit(.minutes(5))) func manyCallsAtOnceEndCleanly() async throws {
        let bench = Bench(limit: 24)
        for id in 0..<24 {
            var line = try bench.start("\(id)")
            for _ in 0..<5 { line.speak([UInt8](repeating: 0xFF, count: 160)[...]) }
            line.pump()
            line.hangUp()
        }
        await bench.exchange.drain(grace: .seconds(20))
        #expect(bench.exchange.activeCalls == 0)
        let ended = bench.observer.happenings.filter { if case .ended = $0 { true } else { false } }
        #expect(ended.count == 24)
        bench.stop()
    }
}
