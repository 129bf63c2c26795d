// SAFETY: `state` comes from speex_resampler_init, is destroyed once in deinit, and has no other owner (the struct is not
// copyable). speexdsp reads `inputCount` samples and writes at most `outputCount`; both are the spans' own counts.
import CSpeexDSP

/// Converts mono PCM from one sample rate to another, as a stream.
///
/// Equal rates copy bit for bit. Frames may have any length; the stream's phase is kept between calls.
///
/// - Source: libspeexdsp (windowed sinc). Costs are measured for 20 ms frames in the Codecs README.
@safe public struct Resampler: ~Copyable, @unchecked Sendable {
    // Sendable, because the state has one owner and speexdsp ties it to no thread.

    /// What a telephone, a recogniser, a synthesiser or a file can have.
    public static let rates = 1_000...768_000

    public let inputRate: Int
    public let outputRate: Int
    /// 0 to 10.
    public let quality: Int
    let skipsLeadingDelay: Bool
    /// `nil` when the rates are equal.
    private let state: OpaquePointer?

    /// - Parameters:
    ///   - inputRate: samples per second of what goes in.
    ///   - outputRate: samples per second of what comes out.
    ///   - quality: 0 (shortest filter) to 10. 3 is what speech needs.
    ///   - skipsLeadingDelay: leaves out the filter's delay at the start, so that the first output sample belongs to the
    ///     first input sample. The end of the input then stays inside until `latency` more samples are put in.
    public init(
        from inputRate: Int,
        to outputRate: Int,
        quality: Int = 3,
        skipsLeadingDelay: Bool = false
    ) throws(ResamplerError) {
        for rate in [inputRate, outputRate] where !Self.rates.contains(rate) { throw .unsupportedRate(rate) }
        guard 0...10 ~= quality else { throw .unsupportedQuality(quality) }
        var created: OpaquePointer?
        if inputRate != outputRate {
            var error: Int32 = 0
            unsafe created = speex_resampler_init(1, UInt32(inputRate), UInt32(outputRate), Int32(quality), &error)
            guard let created = unsafe created else { throw .outOfMemory }
            if skipsLeadingDelay { unsafe speex_resampler_skip_zeros(created) }
        }
        self.inputRate = inputRate
        self.outputRate = outputRate
        self.quality = quality
        self.skipsLeadingDelay = skipsLeadingDelay
        unsafe state = created
    }

    deinit {
        if let state = unsafe state { unsafe speex_resampler_destroy(state) }
    }

    /// Samples that `inputCount` samples can become at most, whatever the phase.
    public func outputCapacity(for inputCount: Int) -> Int {
        (inputCount * outputRate + inputRate - 1) / inputRate
    }

    /// The filter's delay in samples at the input rate.
    public var latency: Int {
        guard let state = unsafe state else { return 0 }
        return Int(unsafe speex_resampler_get_input_latency(state))
    }

    /// Converts all of `input`.
    ///
    /// - Shape: any count, mono; `output` holds at least `outputCapacity(for: input.count)` samples.
    /// - Cost: no allocation. Safe on the 20 ms path.
    /// - Returns: samples written; for 8, 16, 24 and 48 kHz and frames of whole milliseconds always the same number.
    /// - Throws: `ResamplerError.outputTooSmall`; no input is consumed.
    @discardableResult
    public mutating func process(
        _ input: Span<Int16>,
        into output: inout MutableSpan<Int16>
    ) throws(ResamplerError) -> Int {
        let needed = outputCapacity(for: input.count)
        guard output.count >= needed else { throw .outputTooSmall(needed: needed, capacity: output.count) }
        guard input.count > 0 else { return 0 }
        guard let state = unsafe state else {
            for i in input.indices { output[i] = input[i] }
            return input.count
        }
        var consumed = UInt32(input.count)
        var written = UInt32(output.count)
        unsafe input.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                _ = unsafe speex_resampler_process_int(
                    state,
                    0,
                    input.baseAddress,
                    &consumed,
                    output.baseAddress,
                    &written
                )
            }
        }
        precondition(Int(consumed) == input.count, "outputCapacity bounds what speexdsp writes for an input")
        return Int(written)
    }

    /// Forgets the stream's past: the next sample is the first of a new stream.
    public mutating func reset() {
        guard let state = unsafe state else { return }
        unsafe speex_resampler_reset_mem(state)
        if skipsLeadingDelay { unsafe speex_resampler_skip_zeros(state) }
    }
}
