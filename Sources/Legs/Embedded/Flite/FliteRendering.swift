import Actors
import Codecs
import Foundation

/// Turns what flite delivers into what the caller of a synthesiser gets: silence trimmed, level set, rate converted.
///
/// Confined to the synthesising thread.
final class FliteRendering: FliteListener {
    /// Silence kept before the first sound: flite's own is 120-220 ms, of which nobody hears more than an onset needs.
    private static let leadSeconds = 0.040
    /// Kept after the last sound, so that it dies away; flite's own is 100-250 ms.
    private static let tailSeconds = 0.120

    private let text: SpeechText
    private let rate: Int
    /// Returns false when nobody listens any more.
    private let deliver: (SpeechDelta) -> Bool
    private let isStopped: () -> Bool
    private let factor: Float
    private var resampler: Resampler

    /// In samples of flite's audio: what is kept, and where the stream stands.
    private var kept = 0..<0
    private var position = 0
    private var start = 0.0
    private var scratch: [Int16] = []
    private var converted: [Int16] = []
    /// At the requested rate: converted and not delivered yet, and how many were delivered or still may be.
    private var pending: [Int16] = []
    private var remaining = 0
    private var hasDelivered = false

    /// - Throws: `ResamplerError` for a rate that does not exist.
    init(
        text: SpeechText,
        voice: FliteVoice,
        rate: Int,
        isStopped: @escaping () -> Bool,
        deliver: @escaping (SpeechDelta) -> Bool
    ) throws(ResamplerError) {
        self.text = text
        self.rate = rate
        self.isStopped = isStopped
        self.deliver = deliver
        factor = Float(pow(10, voice.gainDecibels / 20))
        resampler = try Resampler(from: FliteVoice.sampleRate, to: rate, quality: 4, skipsLeadingDelay: true)
    }

    func begin(_ plan: FlitePlan) -> Bool {
        guard let speech = plan.speech else { return false }
        start = max(0, speech.lowerBound - Self.leadSeconds)
        let sample = { (seconds: Double) in Int((seconds * Double(FliteVoice.sampleRate)).rounded()) }
        kept = sample(start)..<sample(speech.upperBound + Self.tailSeconds)
        remaining = (kept.count * rate + FliteVoice.sampleRate / 2) / FliteVoice.sampleRate
        return !isStopped() && deliver(.words(plan.words(of: text, from: start, rate: rate)))
    }

    func receive(_ samples: UnsafeBufferPointer<Int16>) -> Bool {
        let wanted = kept.clamped(to: position..<(position + samples.count))
        scratch.removeAll(keepingCapacity: true)
        for index in wanted {
            scratch.append(Int16(clamping: Int((Float(samples[index - position]) * factor).rounded())))
        }
        position += samples.count
        guard convert() else { return false }
        // The first audio leaves at once; after it, a tenth of a second at a time spares wake-ups.
        let threshold = hasDelivered ? rate / 10 : rate / 50
        return !isStopped() && (pending.count < threshold || deliverPending()) && position < kept.upperBound
    }

    /// After flite has returned: the end of the tail, where flite's own silence was shorter, and what the resampler holds.
    func finish() {
        guard !kept.isEmpty, !isStopped() else { return }
        let missing = max(0, kept.upperBound - max(position, kept.lowerBound))
        scratch = [Int16](repeating: 0, count: missing + resampler.latency + FliteVoice.sampleRate / rate + 1)
        if convert() { _ = deliverPending() }
    }

    private func convert() -> Bool {
        let capacity = resampler.outputCapacity(for: scratch.count)
        if converted.count < capacity { converted = [Int16](repeating: 0, count: capacity) }
        var output = converted.mutableSpan
        guard let count = try? resampler.process(scratch.span, into: &output) else { return false }
        pending.append(contentsOf: converted[..<min(count, remaining)])
        remaining -= min(count, remaining)
        return true
    }

    private func deliverPending() -> Bool {
        guard !pending.isEmpty else { return true }
        hasDelivered = true
        defer { pending.removeAll(keepingCapacity: true) }
        return deliver(.audio(pending))
    }
}
