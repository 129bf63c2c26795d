// SAFETY: `state` comes from opus_encoder_create, is destroyed once in deinit, and has no other owner (the struct is not
// copyable). libopus reads one frame, whose size was checked against the input's count, and writes at most `output.count`.
import COpus

/// Encodes PCM to Opus packets, one frame per packet.
///
/// - Source: RFC 6716; libopus. Complexity 5 costs more than a whole mu-law call, hence the low default.
@safe public struct OpusEncoder: ~Copyable, @unchecked Sendable {
    // Sendable, because the state has one owner and libopus ties it to no thread.

    public struct Configuration: Sendable, Equatable {
        /// What libopus optimises for.
        public enum Use: Sendable { case speech, music }

        public var use: Use = .speech
        /// Bits per second, 500...512 000. 24 000 is transparent for wideband speech.
        public var bitrate = 24_000
        /// 0 (cheapest) to 10. Of a 16 kHz voice at 24 kbit/s a 20 ms frame costs 44 us at 0, 109 us at 5, 224 us at 9,
        /// where a whole mu-law call costs 42 us: 0 for many calls on a core, 3 by default, more only for recordings.
        public var complexity = 3
        /// Adds a coarse copy of the previous frame to each packet; needs `expectedLossPercent` above 0 to act.
        public var usesForwardErrorCorrection = false
        /// Sends next to nothing while nobody speaks.
        public var usesDiscontinuousTransmission = false
        /// 0...100: how much of the copies above is worth its bits.
        public var expectedLossPercent = 0

        public init() {}
    }

    public let sampleRate: Int
    public let channels: Int
    private let state: OpaquePointer

    /// - Throws: `OpusError` for a rate, channel count or setting that Opus does not have.
    public init(
        sampleRate: Int,
        channels: Int = 1,
        configuration: Configuration = Configuration()
    ) throws(OpusError) {
        guard OpusError.rates.contains(sampleRate), 1...2 ~= channels else {
            throw .unsupportedFormat(sampleRate: sampleRate, channels: channels)
        }
        var error: Int32 = 0
        let application = configuration.use == .speech ? OPUS_APPLICATION_VOIP : OPUS_APPLICATION_AUDIO
        guard let state = unsafe opus_encoder_create(Int32(sampleRate), Int32(channels), application, &error) else {
            throw OpusError(code: error)
        }
        do throws(OpusError) {
            try unsafe Self.apply(configuration, to: state)
        } catch {
            unsafe opus_encoder_destroy(state)
            throw error
        }
        self.sampleRate = sampleRate
        self.channels = channels
        unsafe self.state = state
    }

    deinit { unsafe opus_encoder_destroy(state) }

    /// Samples per channel by which the decoded sound comes later than what was put in: 6.5 ms, libopus' 2.5 ms overlap
    /// and 4 ms delay compensation in both of its modes offered here.
    public var lookahead: Int { sampleRate * 13 / 2_000 }

    /// Encodes one frame.
    ///
    /// - Shape: `samples` is one frame of 2.5, 5, 10, 20, 40 or 60 ms, channels interleaved. `output` should hold 4 000
    ///   bytes (libopus' advice); with less, libopus lowers the bit rate to fit.
    /// - Returns: the packet's length; 1 or 2 bytes during discontinuous transmission, which need not be sent.
    /// - Throws: `OpusError`.
    public mutating func encode(
        _ samples: Span<Int16>,
        into output: inout MutableSpan<UInt8>
    ) throws(OpusError) -> Int {
        let frame = samples.count / channels
        guard frame * channels == samples.count, OpusError.isFrame(frame, at: sampleRate) else {
            throw .badFrameSize(samplesPerChannel: frame, sampleRate: sampleRate)
        }
        guard output.count > 0 else { throw .outputTooSmall(needed: 1, capacity: 0) }
        let state = unsafe self.state
        // SAFETY: both spans were found not empty, so both have an address.
        let written = unsafe samples.withUnsafeBufferPointer { samples in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe opus_encode(
                    state,
                    samples.baseAddress!,
                    Int32(frame),
                    output.baseAddress!,
                    Int32(clamping: output.count)
                )
            }
        }
        guard written >= 0 else {
            throw written == OPUS_BUFFER_TOO_SMALL
                ? .outputTooSmall(needed: 4_000, capacity: output.count) : OpusError(code: written)
        }
        return Int(written)
    }

    /// Tells the encoder what the network loses now, 0...100.
    public mutating func expectLoss(percent: Int) throws(OpusError) {
        try unsafe Self.set(state, OPUS_SET_PACKET_LOSS_PERC_REQUEST, percent, "expected loss percentage")
    }

    @unsafe private static func apply(_ wanted: Configuration, to state: OpaquePointer) throws(OpusError) {
        try unsafe set(state, OPUS_SET_BITRATE_REQUEST, wanted.bitrate, "bitrate")
        try unsafe set(state, OPUS_SET_COMPLEXITY_REQUEST, wanted.complexity, "complexity")
        try unsafe set(
            state,
            OPUS_SET_INBAND_FEC_REQUEST,
            wanted.usesForwardErrorCorrection ? 1 : 0,
            "error correction"
        )
        try unsafe set(state, OPUS_SET_DTX_REQUEST, wanted.usesDiscontinuousTransmission ? 1 : 0, "silence suppression")
        try unsafe set(
            state,
            OPUS_SET_PACKET_LOSS_PERC_REQUEST,
            wanted.expectedLossPercent,
            "expected loss percentage"
        )
    }

    @unsafe private static func set(
        _ state: OpaquePointer,
        _ request: Int32,
        _ value: Int,
        _ name: String
    ) throws(OpusError) {
        guard unsafe parley_opus_encoder_set(state, request, Int32(clamping: value)) == OPUS_OK else {
            throw .badSetting(name: name, value: value)
        }
    }
}
