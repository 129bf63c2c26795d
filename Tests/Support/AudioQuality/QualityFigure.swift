/// One measured figure of the engine's hearing or speaking, with what it must reach.
public struct QualityFigure: Sendable, Codable, Equatable {
    public enum Target: Sendable, Codable, Equatable {
        case atLeast(Double), atMost(Double)
        /// Printed to be known; nothing depends on it.
        case none
    }

    /// The table it belongs to: "voice activity", "barge-in", "echo", "jitter", "tones".
    public var area: String
    /// What was measured, on which material: "precision, white 10 dB".
    public var name: String
    public var value: Double
    public var unit: String
    public var target: Target

    public init(_ area: String, _ name: String, _ value: Double, unit: String, target: Target = .none) {
        self.area = area
        self.name = name
        self.value = value
        self.unit = unit
        self.target = target
    }

    public var isMet: Bool {
        switch target {
        case .atLeast(let least): value >= least
        case .atMost(let most): value <= most
        case .none: true
        }
    }
}
