import AudioQuality
import Testing

@Suite("Echo quality")
struct EchoQualityTests {
    @Test func everyFigureIsMet() throws {
        for figure in try EchoQuality.measure(Corpus()) {
            #expect(figure.isMet, "\(figure.name): \(figure.value) \(figure.unit)")
        }
    }
}
