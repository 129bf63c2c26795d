// SAFETY: words are loaded unaligned at offsets below the size of the inline frame they come from.

/// A running 64-bit digest of a pipeline's inputs or outputs. Every step is a bijection of the state for a given word, so
/// two runs that differ in one value have different digests from there on; it is no protection against intent.
public struct CaptureDigest: BitwiseCopyable, Sendable, Equatable {
    /// The offset basis of FNV-1a.
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    public init() {}

    /// One that was written down.
    init(value: UInt64) { self.value = value }

    @inline(__always) mutating func add(_ word: UInt64) {
        // The golden ratio's multiplier and a fold, as in SplitMix64.
        value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
        value ^= value &>> 32
    }

    @inline(__always) mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }

    mutating func add(_ frame: borrowing FrameBytes) {
        let bytes = unsafe frame.span.bytes
        for offset in stride(from: 0, to: Frame.samples, by: 8) {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            add(UInt64(littleEndian: word))
        }
    }

    mutating func add(_ frame: borrowing FrameSamples) {
        let bytes = unsafe frame.span.bytes
        for offset in stride(from: 0, to: 2 * Frame.samples, by: 8) {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            add(UInt64(littleEndian: word))
        }
    }
}

// MARK: What is taken

extension CaptureDigest {
    mutating func add(_ record: CaptureFormat.Record, _ number: Int64) {
        add(UInt64(record.rawValue))
        add(number)
    }

    mutating func add(_ packet: borrowing MediaPacket) {
        add(
            UInt64(CaptureFormat.Record.packet.rawValue) | UInt64(packet.kind.rawValue) << 8 | UInt64(packet.count)
                << 16
        )
        add(packet.value)
        add(packet.timestampSamples)
        add(packet.arrival)
        let count = min(Int(packet.count), Frame.samples)
        if count == Frame.samples { return add(packet.bytes) }
        for index in 0..<count { add(UInt64(packet.bytes[index])) }
    }

    mutating func add(_ chunk: borrowing SpeechChunk) {
        let record = UInt64(CaptureFormat.Record.speech.rawValue)
        add(record | UInt64(chunk.count) << 8 | (chunk.endsReply ? 1 << 16 : 0))
        add(Int64(chunk.reply))
        add(Int64(chunk.piece))
        add(Int64(chunk.offset))
        let count = min(Int(chunk.count), Frame.samples)
        if count == Frame.samples { return add(chunk.samples) }
        for index in 0..<count { add(Int64(chunk.samples[index])) }
    }
}

// MARK: What leaves

extension CaptureDigest {
    mutating func add(_ message: borrowing OutboundMessage) {
        add(UInt64(message.kind.rawValue) | 0x100)
        add(message.value)
        if message.kind == .audio { add(message.bytes) }
    }

    mutating func add(_ frame: borrowing CallerFrame) {
        add(UInt64(frame.kind.rawValue) | 0x200)
        add(Int64(frame.turn))
        add(frame.at.nanoseconds)
        if frame.kind == .audio { add(frame.samples) }
    }

    mutating func add(_ frame: borrowing TapFrame) {
        add(UInt64(0x300))
        add(frame.index)
        add(frame.caller)
        add(frame.agent)
    }

    mutating func add(_ event: CallEvent) {
        func word(_ kind: UInt64) -> UInt64 { kind | 0x400 }
        switch event {
        case .callerStarted(let turn, let at): add(word(1), Int64(turn), at)
        case .callerEnded(let turn, let lastSpeech, let at):
            add(word(2), Int64(turn), at)
            add(lastSpeech.nanoseconds)
        case .callerDropped(let turn, let at): add(word(3), Int64(turn), at)
        case .bargeIn(let onset, let at, let heard):
            add(word(4), onset.nanoseconds, at)
            add(heard)
        case .stopped(let at, let heard):
            add(word(5), 0, at)
            add(heard)
        case .replyAudible(let reply, let at): add(word(6), Int64(reply), at)
        case .replyPlayed(let reply, let at): add(word(7), Int64(reply), at)
        case .digit(let digit, let at): add(word(8), Int64(digit), at)
        case .idle(let count, let at): add(word(9), Int64(count), at)
        case .timeUp(let at): add(word(10), 0, at)
        case .ended(let reason, let at): add(word(11), reason.rawValue, at)
        case .callerPaused(let turn, let pause, let lastSpeech, let at):
            add(word(12), Int64(turn), at)
            add(Int64(pause))
            add(lastSpeech.nanoseconds)
        case .callerResumed(let turn, let at): add(word(13), Int64(turn), at)
        }
    }

    private mutating func add(_ word: UInt64, _ number: Int64, _ at: MediaInstant) {
        add(word)
        add(number)
        add(at.nanoseconds)
    }

    private mutating func add(_ heard: HeardPosition) {
        add(Int64(heard.reply))
        add(Int64(heard.piece))
        add(Int64(heard.samples))
        add(UInt64(heard.isConfirmed ? 1 : 0))
    }
}
