import Actors
import Engine
import Logging
import TestSupport

/// An exchange on real workers in fast motion (2 ms ticks), and the socket's side of its calls.
struct CallBench {
    let exchange: Exchange
    let observer = RecordingObserver()
    private let socket = SilentSocket()

    init(
        transcriber: any Transcriber = FakeTranscriber([]),
        model: any DialogueModel = FakeModel { _ in [.text("One two three four.")] },
        synthesizer: any Synthesizer = FakeVoice(),
        judge: @escaping @Sendable (TenantProfile) -> any SentenceJudge = { WordListJudge(language: $0.language) },
        recorders: CallRecorders? = nil,
        sounds: SoundLibrary? = nil
    ) {
        exchange = Exchange(
            configuration: .init(maximumCalls: 10, judge: judge),
            media: WorkerGroup(count: 1) {
                WorkerConfiguration(name: "media-\($0)", period: .milliseconds(2), phaseSlots: 4)
            },
            legs: WorkerGroup(count: 1) {
                WorkerConfiguration(name: "legs-\($0)", period: .milliseconds(2), phaseSlots: 1)
            },
            meters: ActorMeters(),
            legSet: LegSet(transcriber: transcriber, model: model, synthesizer: synthesizer),
            observer: observer,
            recorders: recorders,
            sounds: sounds
        )
        exchange.media.start()
        exchange.legs.start()
    }

    func start(
        _ profile: TenantProfile,
        handOverTime: Duration = .zero
    ) throws -> CallLine {
        try exchange.admit()
        var ends: CallEnds?
        let identity = CallIdentity(id: "1", provider: "twilio", providerCallID: "CA1", tenant: "test")
        exchange.start(identity, profile: profile, handOverTime: handOverTime, outbound: socket, ends: &ends)
        guard let packets = ends?.packets.take(), let messages = ends?.messages.take() else {
            preconditionFailure("a new call's rings are whole")
        }
        return CallLine(packets: packets, messages: messages)
    }

    func stop() async {
        await exchange.drain(grace: .zero)
        exchange.media.stop()
        exchange.legs.stop()
    }
}

/// A phone that returns marks at once.
struct CallLine: ~Copyable {
    var packets: RingWriter<MediaPacket>
    var messages: RingReader<OutboundMessage>
    private(set) var audio = 0
    private(set) var clears = 0
    private(set) var closed: EndReason?

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

    mutating func press(_ key: Character) {
        packets.push(MediaPacket(kind: .digit, value: Int64(key.asciiValue ?? 0)))
    }

    mutating func hangUp() { packets.push(MediaPacket(kind: .ended, value: EndReason.providerStopped.rawValue)) }

    /// Speaks a recording, one frame per tick, until it is over or the agent has closed the line.
    /// - Parameter frames: only so much of it; nil says all of it, and the pause that ends a turn.
    mutating func say(_ name: String, frames: Int? = nil) async throws {
        var audio = try Fixtures.bytes("speech/\(name).ulaw") + [UInt8](repeating: 0xFF, count: 60 * Frame.samples)
        if let frames { audio = Array(audio.prefix(frames * Frame.samples)) }
        for start in stride(from: 0, to: audio.count - Frame.samples + 1, by: Frame.samples) where closed == nil {
            var packet = MediaPacket(kind: .audio, count: UInt8(Frame.samples))
            for index in 0..<Frame.samples { packet.bytes[index] = audio[start + index] }
            packets.push(packet)
            pump()
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    mutating func waitForEnd() async throws -> EndReason {
        while true {
            pump()
            if let closed { return closed }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
