import CFloor
import Engine
import Foundation

/// Whether the floor's detector hears what the engine's hears: level and voicing of every frame of the recording.
enum VoiceAgreement {
    /// The level of a frame agrees to this; the engine's logarithm is good to 0.001 dB.
    private static let toleranceDecibels: Float = 0.01
    /// The engine's default bound of a voiced frame.
    private static let voiced = BandEnergyDetector.Configuration().voicedPeriodicity
    /// Below this the engine does not correlate.
    private static let quietest = BandEnergyDetector.Configuration().quietestSpeechDecibels

    static func difference(_ input: Recording) -> String? {
        var detector = BandEnergyDetector(sampleRate: Frame.sampleRate)
        let floor = floor_voice_make()
        var (level, periodicity): (Float, Float) = (0, 0)
        for index in 0..<Recording.frameCount {
            let heard = detector.process(Span(_unsafeStart: input.linear(index), count: 160))
            floor_voice_run(floor, input.samples + index * 160, 0, 1, &level, &periodicity)
            let decibels = max(10 * log10(max(level, .leastNormalMagnitude)), -100)
            guard abs(heard.levelDecibels - decibels) <= toleranceDecibels else {
                return "level of frame \(index): \(heard.levelDecibels) and \(decibels) dBFS"
            }
            // A value on the bound may fall either way: the two sides add in different orders.
            let isVoiced = heard.levelDecibels > quietest && periodicity > voiced
            guard heard.isVoiced == isVoiced || abs(periodicity - voiced) < 0.001 else {
                return "voicing of frame \(index): correlation \(periodicity)"
            }
        }
        return nil
    }
}
