/// One thing wrong in a profile file: where, what, and how to put it right.
///
/// Texts never repeat a phone number or what callers say.
public struct ProfileFault: Sendable, Equatable, CustomStringConvertible {
    /// The file as the caller of the reader named it.
    public let file: String
    /// 1-based; 0 when the fault concerns the whole file.
    public let line: Int
    /// 1-based, counted in Unicode scalars; 0 when the fault concerns the whole file.
    public let column: Int
    /// The key path, `intents[2].slots[0].kind`; empty for the whole file.
    public let key: String
    public let problem: String
    public let fix: String

    public init(file: String, line: Int = 0, column: Int = 0, key: String = "", problem: String, fix: String) {
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.problem = problem
        self.fix = fix
    }

    /// `profiles/tenants/a.yaml:12:5: intents[0].say: is missing; write what the agent answers`.
    public var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        return (key.isEmpty ? "\(place): " : "\(place): \(key): ") + "\(problem); \(fix)"
    }
}

/// Everything wrong in one profile file, in the order of its lines. Never empty.
public struct ProfileFaults: Error, Sendable, Equatable, CustomStringConvertible {
    public let faults: [ProfileFault]

    public init(_ faults: [ProfileFault]) {
        self.faults = faults
    }

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
