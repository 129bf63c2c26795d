// SAFETY: `state` comes from speex_preprocess_state_init, is destroyed once in deinit, and has no other owner (the struct is
// not copyable). speexdsp reads and writes exactly `Frame.samples` of the frame, its own size. The echo canceller whose
// handle the state may hold is kept alive by `echo`.
import CSpeexDSP

/// Makes the recogniser's copy of the caller: less noise, less of the echo that the canceller left, an even level.
///
/// Runs after voice detection, which needs the level and the noise as they are. The output is 20 ms late.
/// - Source: libspeexdsp preprocessor (Ephraim-Malah style spectral gain, quantile-free minimum statistics).
@safe public struct NoiseReducer: ~Copyable, @unchecked Sendable {
    // Sendable, because the state has one owner and speexdsp ties it to no thread.

    public struct Configuration: Sendable, Equatable {
        /// The most that noise is lowered, dB.
        public var noiseDecibels: Int32 = -15
        /// The most that remaining echo is lowered, dB, and the same while the caller talks. -20/-6 costs the caller 2.6 to
        /// 3.6 dB in double talk; the library's -40/-15 costs 3 to 5 dB.
        public var echoDecibels: Int32 = -20
        public var echoWhileTalkingDecibels: Int32 = -6
        /// The level that gain control aims for (of 32 768), how far it may raise, and how fast, dB and dB per second.
        public var targetLevel: Int32 = 8000
        public var largestGainDecibels: Int32 = 12
        public var riseDecibelsPerSecond: Int32 = 6
        public var fallDecibelsPerSecond: Int32 = -20
        public var levels = true

        public init() {}
    }

    private let state: OpaquePointer
    private let memory: LibraryMemory
    private let echo: EchoCanceller
    private var isBound = false

    /// - Parameter stage: the echo stage of the same call: what its canceller leaves is suppressed here.
    public init(after stage: borrowing EchoStage, configuration: Configuration = .init()) {
        let created = unsafe Self.make()
        unsafe state = created
        memory = unsafe LibraryMemory(of: created, layout: Self.layout)
        echo = stage.canceller
        set(SPEEX_PREPROCESS_SET_DENOISE, 1)
        set(SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, configuration.noiseDecibels)
        set(SPEEX_PREPROCESS_SET_ECHO_SUPPRESS, configuration.echoDecibels)
        set(SPEEX_PREPROCESS_SET_ECHO_SUPPRESS_ACTIVE, configuration.echoWhileTalkingDecibels)
        set(SPEEX_PREPROCESS_SET_AGC, configuration.levels ? 1 : 0)
        set(SPEEX_PREPROCESS_SET_AGC_TARGET, configuration.targetLevel)
        set(SPEEX_PREPROCESS_SET_AGC_MAX_GAIN, configuration.largestGainDecibels)
        set(SPEEX_PREPROCESS_SET_AGC_INCREMENT, configuration.riseDecibelsPerSecond)
        set(SPEEX_PREPROCESS_SET_AGC_DECREMENT, configuration.fallDecibelsPerSecond)
    }

    /// Bytes of its state that are read ahead when calls are many.
    package var bytesReadAhead: Int { memory.bytes }

    private static func make() -> OpaquePointer {
        guard let created = unsafe speex_preprocess_state_init(Int32(Frame.samples), Int32(Frame.sampleRate)) else {
            preconditionFailure("speexdsp had no memory for a noise reducer")
        }
        return unsafe created
    }

    /// Where a state keeps its arrays.
    package static let layout: LibraryLayout = {
        let twins = unsafe (make(), make())
        defer {
            unsafe speex_preprocess_state_destroy(twins.0)
            unsafe speex_preprocess_state_destroy(twins.1)
        }
        return unsafe LibraryLayout(twins.0, twins.1)
    }()

    private static let warmUpFrames = 100
    private var adapted = 0

    deinit { unsafe speex_preprocess_state_destroy(state) }

    /// Cleans one frame in place, and learns the noise from it.
    /// - Cost: 10 to 12 us; no allocation.
    public mutating func process(_ frame: inout FrameSamples) {
        adapted = min(adapted + 1, Self.warmUpFrames)
        bind()
        if EchoCanceller.areMany { memory.touch() }
        var samples = frame.mutableSpan
        unsafe samples.withUnsafeMutableBufferPointer { samples in
            _ = unsafe speex_preprocess_run(state, samples.baseAddress)
        }
    }

    /// Learns the noise from a frame that nobody will hear, and leaves it as it is. One frame of four is enough: noise that
    /// changes within 80 ms is not what a spectral floor can follow.
    /// - Cost: as `process` for the first hundred frames, then its analysis without its synthesis; no allocation.
    public mutating func learn(_ frame: borrowing FrameSamples) {
        var copy = copy frame
        // The library's own start-up counts processed frames only; before it is over, learning alone does not settle.
        guard adapted == Self.warmUpFrames else { return process(&copy) }
        if EchoCanceller.areMany { memory.touch() }
        var samples = copy.mutableSpan
        unsafe samples.withUnsafeMutableBufferPointer { samples in
            unsafe speex_preprocess_estimate_update(state, samples.baseAddress)
        }
    }

    /// Residual suppression only while the canceller runs: a resting one would hand over the estimate of an old frame.
    private mutating func bind() {
        guard isBound != echo.isRunning else { return }
        isBound = echo.isRunning
        let handle = isBound ? unsafe UnsafeMutableRawPointer(echo.handle) : nil
        _ = unsafe speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_ECHO_STATE, handle)
    }

    private func set(_ request: Int32, _ value: Int32) {
        var value = value
        _ = unsafe speex_preprocess_ctl(state, request, &value)
    }
}
