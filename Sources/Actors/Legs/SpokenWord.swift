/// One word of a spoken piece and when it sounds.
public struct SpokenWord: Sendable, Equatable {
    /// UTF-8 offsets of the written word in `SpeechRequest.text`.
    public var utf8Range: Range<Int>
    /// Samples at the requested rate, from the start of the piece.
    public var samples: Range<Int>
    /// The provider did not tell: the time is modelled.
    public var isEstimated: Bool

    public init(utf8Range: Range<Int>, samples: Range<Int>, isEstimated: Bool = false) {
        self.utf8Range = utf8Range
        self.samples = samples
        self.isEstimated = isEstimated
    }
}
