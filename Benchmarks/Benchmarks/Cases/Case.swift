/// One piece of work, done by the engine and by plain C on the same inputs.
public struct Case {
    /// `Module:Type:operation:size`.
    public let name: String
    /// What the C side does.
    public let floorWork: String
    /// Runs on every 20 ms tick or for every message: must allocate nothing.
    public let isHot: Bool
    /// Repetitions after which the input comes round: instructions are counted over whole rounds. 0: any number will do.
    public let loop: Int
    /// Repeats the engine's work.
    public let engine: (Int) -> Void
    /// Repeats the floor's work.
    public let floor: (Int) -> Void
    /// Compares the results of the two sides; nil when they agree, else what differs.
    public let difference: () -> String?

    public init(
        _ name: String,
        floorWork: String,
        isHot: Bool = true,
        loop: Int = 0,
        engine: @escaping (Int) -> Void,
        floor: @escaping (Int) -> Void,
        difference: @escaping () -> String?
    ) {
        self.name = name
        self.floorWork = floorWork
        self.isHot = isHot
        self.loop = loop
        self.engine = engine
        self.floor = floor
        self.difference = difference
    }
}

/// Runs work that cannot fail on these inputs.
@inline(__always) public func must<Value: ~Copyable>(_ work: () throws -> Value) -> Value {
    do { return try work() } catch { fatalError("a benchmark's input was refused: \(error)") }
}
