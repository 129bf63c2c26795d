// SAFETY: the only file that sees flite. An utterance is created, used and deleted inside `synthesize`, on one thread; it
// owns the streaming info, which it deletes with itself. The listener is kept alive by the caller's frame, and flite calls
// back only inside `utt_synth`. Samples are copied before a callback returns. Voices are registered once and never freed.
import CFlite
import Synchronization

/// Hears an utterance while flite makes it. Each answer says whether to go on.
package protocol FliteListener: AnyObject {
    /// Called once, before any audio.
    func begin(_ plan: FlitePlan) -> Bool
    /// - Shape: mono Int16 at `FliteVoice.sampleRate`, in order, without gaps.
    func receive(_ samples: UnsafeBufferPointer<Int16>) -> Bool
}

/// One call of flite.
package enum FliteUtterance {
    /// Carries the listener through the C callback.
    private final class Context {
        let listener: any FliteListener
        var hasBegun = false
        var hasStopped = false

        init(_ listener: any FliteListener) { self.listener = listener }
    }

    /// Synthesises and returns when all audio was delivered, or the listener said stop.
    ///
    /// Takes CPU time (up to 12 ms per second of speech): never on a media thread. Reentrant; any number may run at once.
    /// - Parameter ascii: printable ASCII.
    /// - Returns: false if flite failed.
    package static func synthesize(_ ascii: [UInt8], voice: FliteVoice, listener: any FliteListener) -> Bool {
        guard let handle = Voices.handle(voice), let utterance = new_utterance() else { return false }
        defer { delete_utterance(utterance) }
        guard let streaming = new_audio_streaming_info() else { return false }
        let context = Context(listener)
        streaming.pointee.min_buffsize = 320
        streaming.pointee.utt = UnsafePointer(utterance)
        streaming.pointee.userdata = Unmanaged.passUnretained(context).toOpaque()
        streaming.pointee.asc = receiveFliteAudio
        var text = ascii.map { CChar(bitPattern: $0) } + [0]
        utt_set_input_text(utterance, &text)
        utt_init(utterance, handle)
        // The utterance's own features: on the shared voice, concurrent calls would hear each other. Flite keeps the
        // name's pointer, hence a static string.
        let name: StaticString = "streaming_info"
        name.utf8Start.withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount + 1) {
            feat_set(utterance.pointee.features, $0, audio_streaming_info_val(streaming))
        }
        return withExtendedLifetime(context) {
            // A stopped synthesis may report failure; it is what was asked for.
            utt_synth(utterance) != nil || context.hasStopped
        }
    }

    /// - Returns: false to stop.
    fileprivate static func deliver(
        _ wave: cst_wave,
        _ start: Int,
        _ count: Int,
        _ info: cst_audio_streaming_info
    ) -> Bool {
        let context = Unmanaged<Context>.fromOpaque(info.userdata).takeUnretainedValue()
        if !context.hasBegun {
            context.hasBegun = true
            context.hasStopped = !context.listener.begin(plan(of: UnsafeMutablePointer(mutating: info.utt)))
        }
        if !context.hasStopped, count > 0 {
            context.hasStopped = !context.listener.receive(
                UnsafeBufferPointer(start: wave.samples + start, count: count)
            )
        }
        return !context.hasStopped
    }

    private static func plan(of utterance: UnsafeMutablePointer<cst_utterance>) -> FlitePlan {
        var plan = FlitePlan(tokens: [])
        var previousEnd = 0.0
        for segment in items(of: utterance, "Segment") {
            let end = Double(item_feat_float(segment, "end"))
            if String(cString: item_feat_string(segment, "name")) != "pau" {
                plan.speech = (plan.speech?.lowerBound ?? previousEnd)..<max(end, previousEnd)
            }
            previousEnd = end
        }
        for token in items(of: utterance, "Token") {
            plan.tokens.append(
                FlitePlan.Token(
                    position: Int(item_feat_int(token, "file_pos")),
                    prefix: text(token, "prepunctuation"),
                    suffix: text(token, "punc"),
                    seconds: seconds(of: token)
                )
            )
        }
        return plan
    }

    /// From the first to the last sound of the words that the token is spoken as ("$25": twenty five dollars).
    private static func seconds(of token: UnsafeMutablePointer<cst_item>) -> Range<Double>? {
        var range: Range<Double>?
        var daughter = item_daughter(token)
        while let current = daughter {
            daughter = item_next(current)
            guard let word = item_as(current, "Word") else { continue }
            let begin = Double(ffeature_float(word, "R:SylStructure.daughter.daughter.R:Segment.p.end"))
            let end = Double(ffeature_float(word, "R:SylStructure.daughtern.daughtern.R:Segment.end"))
            // A word without sound has no segments: both are 0 then.
            guard end > begin else { continue }
            range = min(range?.lowerBound ?? begin, begin)..<max(range?.upperBound ?? end, end)
        }
        return range
    }

    private static func items(
        of utterance: UnsafeMutablePointer<cst_utterance>,
        _ relation: String
    ) -> [UnsafeMutablePointer<cst_item>] {
        guard utt_relation_present(utterance, relation) != 0 else { return [] }
        return Array(
            sequence(first: relation_head(utt_relation(utterance, relation))) { item_next($0) }.compactMap { $0 }
        )
    }

    private static func text(_ item: UnsafeMutablePointer<cst_item>, _ feature: String) -> String {
        guard item_feat_present(item, feature) != 0 else { return "" }
        return String(cString: item_feat_string(item, feature))
    }

    private enum Voices {
        static func handle(_ voice: FliteVoice) -> UnsafeMutablePointer<cst_voice>? {
            switch voice {
            case .slt: slt
            case .rms: rms
            case .kal16: kal16
            }
        }

        // Pointers, so not Sendable by themselves; flite only reads a voice after its registration.
        nonisolated(unsafe) private static let slt = register { register_cmu_us_slt(nil) }
        nonisolated(unsafe) private static let rms = register { register_cmu_us_rms(nil) }
        nonisolated(unsafe) private static let kal16 = register { register_cmu_us_kal16(nil) }
        private static let isReady: Bool = flite_init() >= 0
        /// Registration itself writes shared tables.
        private static let lock = Mutex<Void>(())

        private static func register(
            _ body: () -> UnsafeMutablePointer<cst_voice>?
        ) -> UnsafeMutablePointer<cst_voice>? {
            lock.withLock { _ in isReady ? body() : nil }
        }
    }
}

/// Called by flite on the synthesising thread: a function of no actor, or it would trap there.
private nonisolated func receiveFliteAudio(
    wave: UnsafePointer<cst_wave>?,
    start: Int32,
    size: Int32,
    last: Int32,
    info: UnsafeMutablePointer<cst_audio_streaming_info>?
) -> Int32 {
    guard let wave, let info else { return CST_AUDIO_STREAM_STOP }
    return FliteUtterance.deliver(wave.pointee, Int(start), Int(size), info.pointee)
        ? CST_AUDIO_STREAM_CONT : CST_AUDIO_STREAM_STOP
}
