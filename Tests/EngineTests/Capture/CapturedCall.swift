import Codecs
import Engine
import TestSupport

/// Arrays instead of rings.
struct CallPorts: PipelinePorts {
    var commands: [CallCommand] = []
    var packets: [MediaPacket] = []
    var speech: [SpeechChunk] = []
    var sent: [OutboundMessage] = []
    var events: [CallEvent] = []
    var hasRoom = true
    var isPressed = false

    mutating func nextCommand() -> CallCommand? { commands.isEmpty ? nil : commands.removeFirst() }
    mutating func take(packet: inout MediaPacket) -> Bool {
        guard !packets.isEmpty else { return false }
        packet = packets.removeFirst()
        return true
    }
    mutating func take(speech chunk: inout SpeechChunk) -> Bool {
        guard !speech.isEmpty else { return false }
        chunk = speech.removeFirst()
        return true
    }
    mutating func send(audio: Span<UInt8>) { sent.append(OutboundMessage(audio: audio)) }
    mutating func send(_ message: OutboundMessage) { sent.append(message) }
    mutating func hear(audio: Span<Int16>, turn: Int32, at: MediaInstant) {}
    mutating func hear(_ border: CallerFrame) {}
    mutating func report(_ event: CallEvent) { events.append(event) }
    mutating func record(_ frame: TapFrame) {}
}

/// A call in virtual time whose ports are captured, with a phone that plays what it is sent and returns marks.
struct CapturedCall: ~Copyable {
    private var pipeline: CallPipeline<StreamRepair, BandEnergyDetector>
    private var ports: CapturingPorts<CallPorts>
    private var stream: CaptureStream?
    private var now = MediaInstant.zero
    private var generator: SeededGenerator
    private var queue: [Int64] = []
    private var taken = 0
    private var sequence: Int64 = 0
    private var timestamp: Int64 = 0
    private var isDrained: Bool
    let breaks = EventCounter()
    private(set) var bytes: [UInt8] = []

    /// - Parameter isDrained: somebody reads the capture; without, its ring fills up.
    init(
        _ configuration: PipelineConfiguration = .init(),
        shelf: RecordingShelf = .empty,
        seed: UInt64 = 1,
        capacity: Int = CaptureFormat.ringBytes,
        isDrained: Bool = true
    ) {
        pipeline = CallPipeline(
            configuration: configuration,
            shelf: shelf,
            source: StreamRepair(),
            detector: BandEnergyDetector(sampleRate: 8000)
        )
        let encoder = CaptureStream.make(
            CaptureHeader(configuration: configuration, shelf: shelf),
            breaks: breaks,
            capacity: capacity,
            stream: &stream
        )
        ports = CapturingPorts(CallPorts(), encoder: encoder)
        generator = SeededGenerator(seed: seed)
        self.isDrained = isDrained
    }

    var events: [CallEvent] { ports.inner.events }
    var hasEnded: Bool { pipeline.hasEnded }
    /// What the capture says so far, and whether it is over.
    mutating func drain() -> CaptureStream.State { stream?.drain(into: &bytes) ?? .over }

    mutating func command(_ command: CallCommand) { ports.inner.commands.append(command) }
    mutating func packet(_ packet: MediaPacket) { ports.inner.packets.append(packet) }
    mutating func setPressure(_ isPressed: Bool) { ports.inner.isPressed = isPressed }
    mutating func setRoom(_ hasRoom: Bool) { ports.inner.hasRoom = hasRoom }

    mutating func audio(_ frame: some Collection<UInt8>) {
        sequence += 1
        let arrival = now.nanoseconds + 1_000_000_000 + Int64.random(in: 0..<400_000, using: &generator)
        var packet = MediaPacket(
            kind: .audio,
            value: sequence,
            count: UInt8(frame.count),
            timestampSamples: timestamp,
            arrival: arrival
        )
        for (index, byte) in frame.enumerated() where index < 160 { packet.bytes[index] = byte }
        timestamp += Int64(frame.count)
        self.packet(packet)
    }

    /// Ticks a little late, as a worker does.
    mutating func tick() {
        now = MediaInstant(nanoseconds: now.nanoseconds / 20_000_000 * 20_000_000).advanced(by: Frame.duration)
        let late = Int64.random(in: 0..<90_000, using: &generator)
        let at = MediaInstant(nanoseconds: now.nanoseconds + late)
        ports.begin(at)
        pipeline.tick(now: at, ports: &ports)
        ports.end(hasEnded: pipeline.hasEnded)
        play()
        if isDrained { _ = drain() }
    }

    mutating func quiet(_ ticks: Int) {
        for _ in 0..<ticks {
            audio(repeatElement(0xFF, count: 160))
            tick()
        }
    }

    mutating func say(_ recording: [UInt8]) {
        for start in stride(from: 0, to: recording.count, by: 160) {
            audio(recording[start..<min(start + 160, recording.count)])
            tick()
        }
    }

    /// A reply whose samples are like speech: a decaying buzz with breath.
    mutating func reply(_ number: Int32, frames: Int, heldFor pause: Int32? = nil) {
        command(pause.map { .holdReply(number, pause: $0) } ?? .beginReply(number))
        for frame in 0..<frames {
            var chunk = SpeechChunk(
                reply: number,
                piece: Int32(frame / 50),
                offset: Int32(frame % 50 * 160),
                count: frame % 50 == 49 ? 117 : 160
            )
            for index in 0..<Int(chunk.count) {
                let phase = (frame * 160 + index) % 73
                chunk.samples[index] = Int16(6000 - phase * 150 + Int.random(in: -200...200, using: &generator))
            }
            ports.inner.speech.append(chunk)
        }
        ports.inner.speech.append(SpeechChunk(reply: number, piece: 99, offset: 0, endsReply: true))
    }

    private mutating func play() {
        while taken < ports.inner.sent.count {
            let message = ports.inner.sent[taken]
            taken += 1
            switch message.kind {
            case .audio: queue.append(0)
            case .mark: queue.append(message.value)
            case .clear:
                for mark in queue where mark > 0 { packet(MediaPacket(kind: .mark, value: mark)) }
                queue = []
            case .close: break
            }
        }
        if queue.first == 0 { queue.removeFirst() }
        while let mark = queue.first, mark > 0 {
            queue.removeFirst()
            packet(MediaPacket(kind: .mark, value: mark))
        }
    }
}

/// What happens in a captured call.
enum CapturedCase: String, CaseIterable, Sendable {
    case silence, conversation, interruption, burst, hostile, stalledSocket, heldReply, background, pressure

    /// Half a second of hold music and 1.2 s of a filler.
    static let sounds = RecordingShelf([
        (0..<4_000).map { Int16($0 % 40 * 200 - 4_000) }, (0..<9_600).map { Int16($0 % 25 * 120 - 1_500) },
    ])

    /// What the call plays from.
    var shelf: RecordingShelf { self == .background ? Self.sounds : .empty }

    /// A whole call, to its end.
    /// - Parameter shelf: another one than the case's own.
    func run(
        _ configuration: PipelineConfiguration = .init(),
        shelf: RecordingShelf? = nil,
        seed: UInt64 = 1
    ) throws -> [UInt8] {
        var call = CapturedCall(configuration, shelf: shelf ?? self.shelf, seed: seed)
        switch self {
        case .silence: call.quiet(500)
        case .conversation:
            call.reply(1, frames: 100)
            call.quiet(150)
            call.say(try Fixtures.bytes("speech/flite_slt_00.ulaw"))
            call.quiet(60)
            call.reply(2, frames: 120)
            call.quiet(160)
        case .interruption:
            call.reply(1, frames: 400)
            call.quiet(60)
            call.say(try Fixtures.bytes("speech/flite_rms_05.ulaw"))
            call.quiet(60)
            call.command(.protect(until: MediaInstant(milliseconds: 9_000)))
            call.reply(2, frames: 60)
            call.quiet(40)
            call.command(.stopSpeaking)
            call.quiet(30)
        case .burst:
            let speech = try Fixtures.bytes("speech/flite_slt_02.ulaw")
            call.say(Array(speech.prefix(8_000)))
            for _ in 0..<100 { call.tick() }
            for start in stride(from: 8_000, to: speech.count - 160, by: 160) {
                call.audio(speech[start..<start + 160])
            }
            call.quiet(100)
        case .pressure:
            call.reply(1, frames: 300)
            for round in 0..<6 {
                call.setPressure(round % 2 == 1)
                call.quiet(round == 4 ? 270 : 30)
            }
            call.reply(2, frames: 60)
            call.setPressure(false)
            call.quiet(80)
        case .heldReply:
            let speech = try Fixtures.bytes("speech/flite_slt_00.ulaw")
            call.quiet(40)
            // Words, a pause, more words, and the end.
            call.say(Array(speech[4_800..<12_800]))
            call.quiet(10)
            call.reply(1, frames: 80, heldFor: 1)
            call.command(.endpoint(pause: 1, silence: .milliseconds(800)))
            call.quiet(8)
            call.say(Array(speech[12_800..<30_400]))
            call.command(.discardReply(1))
            call.quiet(12)
            call.reply(2, frames: 80, heldFor: 2)
            call.quiet(150)
        case .background:
            // Music that goes round under a reply, then a filler that gives way to one.
            call.quiet(60)
            call.command(.beginBackground(BackgroundPlay(recording: 0, gain: 0.8)))
            call.quiet(40)
            call.reply(1, frames: 60)
            call.quiet(100)
            call.command(.endBackground)
            call.say(try Fixtures.bytes("speech/flite_slt_00.ulaw"))
            call.quiet(40)
            call.command(.beginBackground(BackgroundPlay(recording: 1, loops: false, endsWithReply: true)))
            call.quiet(20)
            call.reply(2, frames: 60)
            call.quiet(100)
        case .hostile: Self.flood(&call, seed: seed)
        case .stalledSocket:
            call.reply(1, frames: 200)
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<60 {
                call.setRoom(Bool.random(using: &generator))
                call.quiet(Int.random(in: 1...6, using: &generator))
            }
        }
        call.packet(MediaPacket(kind: .ended, value: EndReason.providerStopped.rawValue))
        for _ in 0..<200 where !call.hasEnded { call.tick() }
        _ = call.drain()
        return call.bytes
    }

    private static func flood(_ call: inout CapturedCall, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let kind = MediaPacket.Kind(rawValue: UInt8.random(in: 0...2, using: &generator)) ?? .audio
                var packet = MediaPacket(
                    kind: kind,
                    value: Int64(bitPattern: generator.next()),
                    count: UInt8.random(in: 0...255, using: &generator),
                    timestampSamples: Int64(bitPattern: generator.next()),
                    arrival: Int64(bitPattern: generator.next())
                )
                for index in 0..<160 { packet.bytes[index] = UInt8.random(in: 0...255, using: &generator) }
                call.packet(packet)
            }
            if Int.random(in: 0...20, using: &generator) == 0 {
                call.reply(
                    Int32.random(in: -5...9, using: &generator),
                    frames: Int.random(in: 0...30, using: &generator)
                )
            }
            if Int.random(in: 0...30, using: &generator) == 0 { call.command(.stopSpeaking) }
            if Int.random(in: 0...30, using: &generator) == 0 {
                let number = Int32(truncatingIfNeeded: generator.next())
                let command: CallCommand =
                    switch Int.random(in: 0...3, using: &generator) {
                    case 0: .holdReply(number % 9, pause: Int32.random(in: 0...4, using: &generator))
                    case 1: .holdReply(number, pause: number)
                    case 2: .discardReply(number)
                    default: .endpoint(pause: number, silence: .nanoseconds(Int64(bitPattern: generator.next())))
                    }
                call.command(command)
            }
            call.tick()
        }
    }
}
