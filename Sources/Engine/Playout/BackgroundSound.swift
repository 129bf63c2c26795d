/// Recordings any call of the engine may play: hold music, fillers, prompts. Made once, shared, never changed.
public final class RecordingShelf: Sendable {
    /// Mono linear PCM at 8 kHz.
    public let recordings: [[Int16]]

    /// Tells shelves apart: 0 for an empty one. A captured call that plays a recording is replayed with its own only.
    public let fingerprint: Int64

    public init(_ recordings: [[Int16]] = []) {
        self.recordings = recordings
        // FNV-1a over the samples, with each recording's length between them.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for recording in recordings {
            for value in [recording.count] + recording.map(Int.init) {
                hash = (hash ^ UInt64(truncatingIfNeeded: value)) &* 0x0000_0100_0000_01B3
            }
        }
        fingerprint = recordings.isEmpty ? 0 : Int64(bitPattern: hash)
    }

    public static let empty = RecordingShelf()
}

/// What a call plays besides the agent's voice.
public struct BackgroundPlay: BitwiseCopyable, Sendable, Equatable {
    /// Index into the shelf.
    public var recording: Int32
    /// Hold music goes round; a filler plays once.
    public var loops: Bool
    /// A filler ends when the agent has something to say; music goes on under the voice.
    public var endsWithReply: Bool
    /// Linear gain while the agent is silent.
    public var gain: Float

    public init(recording: Int32, loops: Bool = true, endsWithReply: Bool = false, gain: Float = 1) {
        self.recording = recording
        self.loops = loops
        self.endsWithReply = endsWithReply
        self.gain = gain
    }
}

/// Plays one recording of the shelf under the agent's voice, 12 dB down while the agent speaks, and fades it in and out.
public struct BackgroundSound: ~Copyable, Sendable {
    private let shelf: RecordingShelf
    private var play: BackgroundPlay?
    private var position = 0
    private var gain = GainRamp()
    private var isEnding = false

    public init(shelf: RecordingShelf) { self.shelf = shelf }

    public var isPlaying: Bool { play != nil }

    /// Starts a recording in the place of the present one; a number that is not on the shelf stops it.
    public mutating func begin(_ play: BackgroundPlay) {
        guard shelf.recordings.indices.contains(Int(play.recording)), !shelf.recordings[Int(play.recording)].isEmpty
        else { return end() }
        self.play = play
        position = 0
        isEnding = false
        gain.reset(to: 0)
        gain.move(to: play.gain)
    }

    /// Fades out over the next frame.
    public mutating func end() {
        isEnding = true
        gain.move(to: 0)
    }

    public mutating func replyBegins() {
        if play?.endsWithReply == true { end() }
    }

    /// Adds the next 20 ms to `samples`, saturating.
    public mutating func mix(into samples: inout FrameSamples, underVoice: Bool) {
        guard let play else { return }
        if !isEnding { gain.move(to: underVoice ? play.gain * GainRamp.ducked : play.gain) }
        let count = shelf.recordings[Int(play.recording)].count
        var frame = FrameSamples(repeating: 0)
        var isOver = false
        for index in 0..<Frame.samples {
            if position == count {
                guard play.loops else {
                    isOver = true
                    break
                }
                position = 0
            }
            frame[index] = shelf.recordings[Int(play.recording)][position]
            position += 1
        }
        gain.apply(to: &frame)
        for index in 0..<Frame.samples {
            samples[index] = Int16(clamping: Int32(samples[index]) + Int32(frame[index]))
        }
        if isOver || isEnding { self.play = nil }
    }
}
