import Codecs
import Engine
import TestSupport
import Testing

@Suite("Pitch window")
struct PitchWindowTests {
    /// Stopping at a period that repeats enough answers the detector's questions as looking at all of them does.
    @Test(arguments: ["speech/flite_slt_00.ulaw", "speech/flite_rms_05.ulaw"])
    func whatRepeatsEnoughIsFoundAsByLookingAtAllPeriods(_ recording: String) throws {
        let audio = try Fixtures.bytes(recording)
        var filters = VoiceBandFilters(sampleRate: 8000)
        var window = PitchWindow()
        let enough: Float = 0.7
        var frames = (voiced: 0, all: 0)
        for start in stride(from: 0, through: audio.count - 160, by: 160) {
            let samples = audio[start..<start + 160].map(MuLaw.linear)
            var band = [20 of SIMD4<Float>](repeating: SIMD4())
            _ = filters.process(samples.span, pitchBand: &band)
            window.append(band.span)
            let highest = window.periodicity()
            let found = window.periodicity(enough: enough)
            #expect(found <= highest)
            #expect((found > enough) == (highest > enough), "frame \(frames.all): \(found) of \(highest)")
            if highest <= enough { #expect(found == highest) }
            frames.all += 1
            if highest > enough { frames.voiced += 1 }
        }
        #expect(frames.voiced > 20 && frames.voiced < frames.all - 20, "both kinds were compared: \(frames)")
    }

    /// A tone repeats at its period; one that is there for half the window does not.
    @Test func aToneIsPeriodicAndAClickIsNot() {
        func window(_ sample: (Int) -> Float) -> PitchWindow {
            var window = PitchWindow()
            for half in 0..<2 {
                var band = [20 of SIMD4<Float>](repeating: SIMD4())
                for index in 0..<80 { band[index / 4][index % 4] = sample(half * 80 + index) }
                window.append(band.span)
            }
            return window
        }
        // 100 Hz at 4 kHz: a period of 40 samples.
        var tone = window { ($0 % 40) < 20 ? 1000 : -1000 }
        #expect(tone.periodicity() > 0.99)
        var click = window { $0 == 120 ? 1000 : 0 }
        #expect(click.periodicity() < 0.1)
        var silence = window { _ in 0 }
        #expect(silence.periodicity() == 0)
    }
}
