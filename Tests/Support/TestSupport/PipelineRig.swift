import Codecs
import Engine

/// A pipeline in virtual time: arrays instead of rings, and a provider that plays what it is sent and returns marks.
public struct PipelineRig: ~Copyable {
    public struct Ports: PipelinePorts {
        public var commands: [CallCommand] = []
        public var packets: [MediaPacket] = []
        public var speech: [SpeechChunk] = []
        public var sent: [OutboundMessage] = []
        public var heard: [CallerFrame] = []
        public var events: [CallEvent] = []

        public mutating func nextCommand() -> CallCommand? { commands.isEmpty ? nil : commands.removeFirst() }
        public mutating func take(packet: inout MediaPacket) -> Bool {
            guard !packets.isEmpty else { return false }
            packet = packets.removeFirst()
            return true
        }
        public mutating func take(speech chunk: inout SpeechChunk) -> Bool {
            guard !speech.isEmpty else { return false }
            chunk = speech.removeFirst()
            return true
        }
        public var isPressed = false
        /// False: the socket takes nothing.
        public var hasRoom = true
        public mutating func send(audio: Span<UInt8>) { sent.append(OutboundMessage(audio: audio)) }
        public mutating func send(_ message: OutboundMessage) { sent.append(message) }
        public mutating func hear(audio: Span<Int16>, turn: Int32, at: MediaInstant) {
            heard.append(CallerFrame(audio: audio, turn: turn, at: at))
        }
        public mutating func hear(_ border: CallerFrame) { heard.append(border) }
        public mutating func report(_ event: CallEvent) { events.append(event) }
        public var recorded: [TapFrame] = []
        public mutating func record(_ frame: TapFrame) { recorded.append(frame) }
    }

    public var pipeline: CallPipeline<StreamRepair, BandEnergyDetector>
    public var ports = Ports()
    public let meters: PipelineMeters
    public private(set) var now = MediaInstant.zero
    /// What the provider has queued: 0 for a frame, a mark's number otherwise.
    private var queue: [Int64] = []
    private var taken = 0
    /// What the caller heard, frame by frame.
    public private(set) var played: [FrameBytes] = []
    /// The same by the clock, 20 ms by 20 ms: silence where nothing was played.
    public private(set) var earpiece: [FrameBytes] = []
    private var queuedFrames: [FrameBytes] = []

    public init(
        _ configuration: PipelineConfiguration = PipelineConfiguration(),
        meters: PipelineMeters = .init(),
        shelf: RecordingShelf = .empty
    ) {
        self.meters = meters
        pipeline = CallPipeline(
            configuration: configuration,
            meters: meters,
            shelf: shelf,
            source: StreamRepair(),
            detector: BandEnergyDetector(sampleRate: 8000)
        )
    }

    /// Runs 20 ms: the caller's frame arrives, the pipeline ticks, the provider plays.
    public mutating func step(caller bytes: [UInt8]? = nil) {
        arrive(bytes)
        pipeline.tick(now: now, ports: &ports)
        provider()
    }

    /// The worker stands still for 20 ms: the caller's frame waits, the provider plays on.
    public mutating func stand(caller bytes: [UInt8]? = nil) {
        arrive(bytes)
        provider()
    }

    private mutating func arrive(_ bytes: [UInt8]?) {
        now = now.advanced(by: Frame.duration)
        guard let bytes else { return }
        var packet = MediaPacket(kind: .audio, count: UInt8(bytes.count))
        for (index, byte) in bytes.enumerated() { packet.bytes[index] = byte }
        ports.packets.append(packet)
    }

    /// Plays a recording of mu-law to the pipeline, then `silence` frames.
    public mutating func say(_ recording: [UInt8], silence: Int = 0) {
        for start in stride(from: 0, to: recording.count, by: Frame.samples) {
            var frame = Array(recording[start..<min(start + Frame.samples, recording.count)])
            frame += [UInt8](repeating: 0xFF, count: Frame.samples - frame.count)
            step(caller: frame)
        }
        quiet(silence)
    }

    public mutating func quiet(_ frames: Int) {
        for _ in 0..<frames { step(caller: [UInt8](repeating: 0xFF, count: Frame.samples)) }
    }

    /// Hands the pipeline a whole reply of `frames` frames in pieces of `pieceFrames`, as loud as speech.
    public mutating func reply(_ number: Int32, frames: Int, pieceFrames: Int = 50) {
        ports.commands.append(.beginReply(number))
        for frame in 0..<frames {
            var chunk = SpeechChunk(
                reply: number,
                piece: Int32(frame / pieceFrames),
                offset: Int32(frame % pieceFrames * Frame.samples),
                count: UInt8(Frame.samples)
            )
            for index in 0..<Frame.samples { chunk.samples[index] = Int16((index * 997 + frame * 131) % 8000 - 4000) }
            ports.speech.append(chunk)
        }
        ports.speech.append(
            SpeechChunk(reply: number, piece: Int32(max(0, frames - 1) / pieceFrames), offset: 0, endsReply: true)
        )
    }

    /// Hands the pipeline a whole reply that says `speech`.
    public mutating func reply(_ number: Int32, speech: [Int16]) {
        ports.commands.append(.beginReply(number))
        for (frame, start) in stride(from: 0, through: speech.count - Frame.samples, by: Frame.samples).enumerated() {
            var chunk = SpeechChunk(
                reply: number,
                piece: 0,
                offset: Int32(frame * Frame.samples),
                count: UInt8(Frame.samples)
            )
            for index in 0..<Frame.samples { chunk.samples[index] = speech[start + index] }
            ports.speech.append(chunk)
        }
        ports.speech.append(SpeechChunk(reply: number, piece: 0, offset: 0, endsReply: true))
    }

    private mutating func provider() {
        while taken < ports.sent.count {
            let message = ports.sent[taken]
            taken += 1
            switch message.kind {
            case .audio:
                queue.append(0)
                queuedFrames.append(message.bytes)
            case .mark: queue.append(message.value)
            case .clear:
                for mark in queue where mark > 0 { ports.packets.append(MediaPacket(kind: .mark, value: mark)) }
                queue = []
                queuedFrames = []
            case .close: break
            }
        }
        if queue.first == 0 {
            queue.removeFirst()
            played.append(queuedFrames.removeFirst())
            earpiece.append(played[played.count - 1])
        } else {
            earpiece.append(FrameBytes(repeating: 0xFF))
        }
        while let mark = queue.first, mark > 0 {
            queue.removeFirst()
            ports.packets.append(MediaPacket(kind: .mark, value: mark))
        }
    }

    /// FNV-1a over everything that left the pipeline: equal runs have equal digests.
    public var digest: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        func add(_ text: String) { for byte in text.utf8 { add(byte) } }
        for message in ports.sent {
            add("\(message.kind)\(message.value)")
            for index in 0..<Frame.samples { add(message.bytes[index]) }
        }
        for frame in ports.heard {
            add("\(frame.kind)\(frame.turn)\(frame.at.nanoseconds)")
            for index in 0..<Frame.samples { add("\(frame.samples[index])") }
        }
        for event in ports.events { add("\(event)") }
        return hash
    }
}
