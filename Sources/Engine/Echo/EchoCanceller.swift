// SAFETY: `state` comes from speex_echo_state_init and is destroyed once in deinit. It has two users, the stage that cancels
// and the noise reducer that suppresses what is left; both belong to one call's pipeline, which one worker ticks at a time,
// and each keeps this object alive. speexdsp reads and writes exactly `Frame.samples` of each pointer, the arrays' own size.
import CSpeexDSP
import Synchronization

/// The speexdsp echo canceller: an adaptive filter of the far end, subtracted from the near end.
///
/// - Source: libspeexdsp (multidelay block frequency-domain filter, Soo and Pang 1990, with the variable step of Valin 2007).
/// - Frames of 20 ms at 8 kHz; frames of 10 ms cancel 2 dB less.
@safe package final class EchoCanceller: @unchecked Sendable {
    // Sendable, because only the worker that ticks the call uses it, and speexdsp ties it to no thread.

    /// Whether the last near frame went through the filter, so that its estimate of the remaining echo belongs to that frame.
    var isRunning = false
    private let state: OpaquePointer
    let memory: LibraryMemory

    /// Cancellers of this process: a call has one.
    private static let alive = Atomic<Int>(0)
    /// The states of so many calls stay in the second-level cache of a core from tick to tick.
    private static let fitInCache = 16
    /// Where states of so many taps keep their arrays.
    private static let layouts = Locked<[Int32: LibraryLayout]>([:])

    /// - Parameter tailMilliseconds: how much of the echo after the reference is modelled.
    init(tailMilliseconds: Int) {
        precondition(20...500 ~= tailMilliseconds, "an echo tail is 20 to 500 ms")
        let taps = Int32(tailMilliseconds * Frame.sampleRate / 1000)
        let created = unsafe Self.make(taps: taps)
        unsafe state = created
        memory = unsafe LibraryMemory(of: created, layout: Self.layout(taps: taps))
        Self.alive.add(1, ordering: .relaxed)
    }

    deinit {
        Self.alive.subtract(1, ordering: .relaxed)
        unsafe speex_echo_state_destroy(state)
    }

    /// There are so many calls that a state is in main memory when its turn comes, and worth reading ahead.
    static var areMany: Bool { alive.load(ordering: .relaxed) > fitInCache }

    private static func make(taps: Int32) -> OpaquePointer {
        guard let created = unsafe speex_echo_state_init(Int32(Frame.samples), taps) else {
            preconditionFailure("speexdsp had no memory for an echo canceller")
        }
        var rate = Int32(Frame.sampleRate)
        _ = unsafe speex_echo_ctl(created, SPEEX_ECHO_SET_SAMPLING_RATE, &rate)
        return unsafe created
    }

    package static func layout(taps: Int32) -> LibraryLayout {
        layouts.withLock { layouts in
            if let known = layouts[taps] { return known }
            let twins = unsafe (make(taps: taps), make(taps: taps))
            let found = unsafe LibraryLayout(twins.0, twins.1)
            unsafe speex_echo_state_destroy(twins.0)
            unsafe speex_echo_state_destroy(twins.1)
            layouts[taps] = found
            return found
        }
    }

    /// Takes the echo of `far` out of `near`. High-passes `near` too (a notch at DC).
    /// - Cost: 22 us per frame with a tail of 128 ms; no allocation.
    func cancel(near: Span<Int16>, far: Span<Int16>, into cleaned: inout FrameSamples) {
        precondition(near.count == Frame.samples && far.count == Frame.samples, "the canceller takes whole frames")
        if Self.areMany { memory.touch() }
        var cleaned = cleaned.mutableSpan
        unsafe near.withUnsafeBufferPointer { near in
            unsafe far.withUnsafeBufferPointer { far in
                unsafe cleaned.withUnsafeMutableBufferPointer { cleaned in
                    unsafe speex_echo_cancellation(state, near.baseAddress, far.baseAddress, cleaned.baseAddress)
                }
            }
        }
    }

    /// Asks for the list of what `cancel` reads ahead.
    func prefetch() { unsafe Prefetch.lines(at: Unmanaged.passUnretained(self).toOpaque(), count: Self.size) }

    /// Of an object: its header, `isRunning`, the state's address and the list of its memory.
    private static var size: Int { 32 + MemoryLayout<LibraryMemory>.size }

    /// Forgets the echo path.
    func reset() { unsafe speex_echo_state_reset(state) }

    /// What a preprocessor needs to suppress the echo that is left.
    var handle: OpaquePointer { unsafe state }
}
