import AudioQuality
import Testing

@Suite("Voice activity, barge-in and turns on recordings")
struct VoiceActivityQualityTests {
    @Test func everySpeechFigureIsMet() throws { try check(VoiceActivityQuality.measure(Corpus())) }
    @Test func everyBargeInFigureIsMet() throws { try check(BargeInQuality.measure(Corpus())) }
    @Test func everyTurnFigureIsMet() throws { try check(TurnQuality.measure(Corpus())) }

    private func check(_ figures: [QualityFigure]) {
        #expect(!figures.isEmpty)
        for figure in figures {
            // A known shortfall that is met must leave the list.
            #expect(
                figure.isMet != KnownShortfalls.contains(figure),
                "\(figure.area): \(figure.name) is \(figure.value) \(figure.unit)"
            )
        }
    }
}
