// SAFETY: `state` comes from opus_decoder_create, is destroyed once in deinit, and has no other owner (the struct is not
// copyable). libopus reads the packet's own length and writes at most the frames that `output` was measured to hold.
import COpus

/// Decodes Opus packets to PCM at any Opus rate, whatever rate they were encoded at.
///
/// - Source: RFC 6716; libopus.
@safe public struct OpusDecoder: ~Copyable, @unchecked Sendable {
    // Sendable, because the state has one owner and libopus ties it to no thread.

    public let sampleRate: Int
    public let channels: Int
    private let state: OpaquePointer

    public init(sampleRate: Int, channels: Int = 1) throws(OpusError) {
        guard OpusError.rates.contains(sampleRate), 1...2 ~= channels else {
            throw .unsupportedFormat(sampleRate: sampleRate, channels: channels)
        }
        var error: Int32 = 0
        guard let state = unsafe opus_decoder_create(Int32(sampleRate), Int32(channels), &error) else {
            throw OpusError(code: error)
        }
        self.sampleRate = sampleRate
        self.channels = channels
        unsafe self.state = state
    }

    deinit { unsafe opus_decoder_destroy(state) }

    /// The longest packet, 120 ms, in elements of an output buffer.
    public var maximumOutput: Int { sampleRate / 1_000 * 120 * channels }

    /// Decodes one packet, or conceals a lost one.
    ///
    /// - Shape: `output` is channels interleaved. With a packet it must hold what the packet lasts (`maximumOutput`
    ///   always does). With `nil` the whole of `output` is filled, a multiple of 2.5 ms.
    /// - Returns: samples per channel.
    /// - Throws: `OpusError.badPacket`, `.outputTooSmall`.
    public mutating func decode(
        _ packet: Span<UInt8>?,
        into output: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        guard let packet else { return try unsafe run(nil, recovering: false, into: &output) }
        guard packet.count > 0 else { throw .badPacket }
        return try decode(packet, recovering: false, into: &output)
    }

    /// Rebuilds a lost frame from the error correction data in the packet after it; without such data it conceals.
    ///
    /// - Shape: `output` is exactly as long as the lost frame, a multiple of 2.5 ms.
    /// - Returns: samples per channel.
    public mutating func recover(
        before packet: Span<UInt8>,
        into output: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        guard packet.count > 0 else { throw .badPacket }
        return try decode(packet, recovering: true, into: &output)
    }

    /// Forgets the stream's past.
    public mutating func reset() {
        // The arguments were accepted once, so this cannot fail.
        _ = unsafe opus_decoder_init(state, Int32(sampleRate), Int32(channels))
    }

    private mutating func decode(
        _ packet: Span<UInt8>,
        recovering: Bool,
        into output: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        try unsafe packet.withUnsafeBufferPointer { packet throws(OpusError) in
            try unsafe run(packet, recovering: recovering, into: &output)
        }
    }

    @unsafe private mutating func run(
        _ packet: UnsafeBufferPointer<UInt8>?,
        recovering: Bool,
        into output: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        let state = unsafe self.state
        let capacity = output.count / channels
        guard capacity > 0 else { throw .outputTooSmall(needed: maximumOutput, capacity: output.count) }
        let length = unsafe Int32(clamping: packet?.count ?? 0)
        // SAFETY: a span that is not empty has an address.
        let written = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe opus_decode(
                state,
                packet?.baseAddress,
                length,
                output.baseAddress!,
                Int32(clamping: capacity),
                recovering ? 1 : 0
            )
        }
        if written >= 0 { return Int(written) }
        if written == OPUS_BUFFER_TOO_SMALL || written == OPUS_BAD_ARG {
            guard unsafe packet != nil, !recovering else {
                throw .badFrameSize(samplesPerChannel: capacity, sampleRate: sampleRate)
            }
            throw .outputTooSmall(needed: maximumOutput, capacity: output.count)
        }
        throw OpusError(code: written)
    }
}
