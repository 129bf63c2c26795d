/// Everything `make quality` measures.
public struct QualityArea: Sendable {
    public let name: String
    public let measure: @Sendable (Corpus) throws -> [QualityFigure]
}

public enum QualityAreas {
    public static let all = [
        QualityArea(name: "voice", measure: VoiceActivityQuality.measure),
        QualityArea(name: "barge-in", measure: BargeInQuality.measure),
        QualityArea(name: "turns", measure: TurnQuality.measure),
        QualityArea(name: "echo", measure: EchoQuality.measure),
        QualityArea(name: "jitter", measure: JitterQuality.measure),
        QualityArea(name: "tones", measure: ToneQuality.measure),
    ]
}
