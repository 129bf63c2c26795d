// SAFETY: `state` comes from speex_echo_state_init and is destroyed once in deinit. It has two users, the stage that cancels
// and the noise reducer that suppresses what is left; both belong to one call's pipeline, which one worker ticks at a time,
// and each keeps this object alive. speexdsp reads and writes exactly `Frame.samples` of each pointer, the arrays' own size.
import CSpeexDSP

/// The speexdsp echo canceller: an adaptive filter of the far end, subtracted from the near end.
///
/// - Source: libspeexdsp (multidelay block frequency-domain filter, Soo and Pang 1990, with the variable step of Valin 2007).
/// - Frames of 20 ms at 8 kHz; frames of 10 ms cancel 2 dB less.
@safe final class EchoCanceller: @unchecked Sendable {
    // Sendable, because only the worker that ticks the call uses it, and speexdsp ties it to no thread.

    /// Whether the last near frame went through the filter, so that its estimate of the remaining echo belongs to that frame.
    var isRunning = false
    private let state: OpaquePointer

    /// - Parameter tailMilliseconds: how much of the echo after the reference is modelled.
    init(tailMilliseconds: Int) {
        precondition(20...500 ~= tailMilliseconds, "an echo tail is 20 to 500 ms")
        let taps = Int32(tailMilliseconds * Frame.sampleRate / 1000)
        guard let created = unsafe speex_echo_state_init(Int32(Frame.samples), taps) else {
            preconditionFailure("speexdsp had no memory for an echo canceller")
        }
        unsafe state = created
        var rate = Int32(Frame.sampleRate)
        _ = unsafe speex_echo_ctl(created, SPEEX_ECHO_SET_SAMPLING_RATE, &rate)
    }

    deinit { unsafe speex_echo_state_destroy(state) }

    /// Takes the echo of `far` out of `near`. High-passes `near` too (a notch at DC).
    /// - Cost: 22 us per frame with a tail of 128 ms; no allocation.
    func cancel(near: Span<Int16>, far: Span<Int16>, into cleaned: inout FrameSamples) {
        precondition(near.count == Frame.samples && far.count == Frame.samples, "the canceller takes whole frames")
        var cleaned = cleaned.mutableSpan
        unsafe near.withUnsafeBufferPointer { near in
            unsafe far.withUnsafeBufferPointer { far in
                unsafe cleaned.withUnsafeMutableBufferPointer { cleaned in
                    unsafe speex_echo_cancellation(state, near.baseAddress, far.baseAddress, cleaned.baseAddress)
                }
            }
        }
    }

    /// Forgets the echo path.
    func reset() { unsafe speex_echo_state_reset(state) }

    /// What a preprocessor needs to suppress the echo that is left.
    var handle: OpaquePointer { unsafe state }
}
