/// Everything `make quality` measures.
public struct QualityArea: Sendable {
    public let name: String
    public let measure: @Sendable (Corpus) throws -> [QualityFigure]
}

public enum QualityAreas {
    public static let all: [QualityArea] = []
}
