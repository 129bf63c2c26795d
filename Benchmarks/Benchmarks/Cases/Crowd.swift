import CFloor

/// Calls served in turn, one frame each per pass: with more calls than the processor's caches hold, what their states
/// cost to fetch is part of the figure.
public struct Crowd {
    /// `Module:Type:operation`, without the number of calls.
    public let name: String
    public let calls: Int
    public let floorWork: String
    /// Each runs so many passes.
    public let engine: (Int) -> Void
    public let floor: (Int) -> Void
    /// The libraries' calls alone, on the same audio.
    public let library: (Int) -> Void
    /// Also brings the engine's calls to where every frame takes the whole way.
    public let difference: () -> String?

    public init(
        _ name: String,
        calls: Int,
        floorWork: String,
        engine: @escaping (Int) -> Void,
        floor: @escaping (Int) -> Void,
        library: @escaping (Int) -> Void,
        difference: @escaping () -> String?
    ) {
        self.name = name
        self.calls = calls
        self.floorWork = floorWork
        self.engine = engine
        self.floor = floor
        self.library = library
        self.difference = difference
    }

    /// The two sides as a case like any other.
    public var asCase: Case {
        Case(
            "\(name):\(calls)",
            floorWork: floorWork,
            loop: Conversation.frameCount,
            engine: engine,
            floor: floor,
            difference: difference
        )
    }
}

/// The libraries' states of so many calls.
public final class LibraryCalls {
    private let states: [OpaquePointer?]
    private let starts: [Int]
    /// The last frame that came out.
    let output = UnsafeMutablePointer<Int16>.allocate(capacity: 160)

    public init(_ calls: Int) {
        states = (0..<calls).map { _ in floor_library_make() }
        starts = Conversation.starts(calls)
    }

    deinit {
        for state in states { floor_library_free(state) }
        output.deallocate()
    }

    public func run(_ passes: Int, echo: Bool = true, reduce: Bool = true) {
        let conversation = Conversation.shared
        let stages = (echo ? FLOOR_ECHO : 0) | (reduce ? FLOOR_REDUCE : 0)
        floor_libraries_run(
            states,
            states.count,
            conversation.near,
            conversation.far,
            Conversation.mask,
            starts,
            passes,
            Int32(stages),
            output
        )
    }
}
