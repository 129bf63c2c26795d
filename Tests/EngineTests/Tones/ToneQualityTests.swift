import AudioQuality
import Testing

@Suite("Tone quality")
struct ToneQualityTests {
    @Test func everyFigureIsMet() throws {
        let figures = try ToneQuality.measure(Corpus())
        for figure in figures { #expect(figure.isMet, "\(figure.name): \(figure.value) \(figure.unit)") }
        #expect(figures.count == 11)
    }
}
