import AudioQuality
import Testing

@Suite("Jitter quality")
struct JitterQualityTests {
    @Test func everyTraceMeetsItsPassColumn() throws {
        let figures = try JitterQuality.measure(Corpus())
        #expect(figures.count > 100)
        for figure in figures {
            #expect(figure.isMet, "\(figure.name): \(figure.value) \(figure.unit), wanted \(figure.target)")
        }
    }
}
