/// The tools of an engine, and which of them a tenant's model is offered.
public struct ToolBox: Sendable {
    public enum Offer: Sendable {
        /// To every tenant that names no tools at all: what acts on the call itself.
        case always
        /// To tenants whose profile names it.
        case named
    }

    public enum Fault: Error, Sendable, Equatable, CustomStringConvertible {
        case name(String)
        case taken(String)

        public var description: String {
            switch self {
            case .name(let name):
                "'\(name.prefix(80))' is no name of a tool: take 1 to 64 of the characters a-z, A-Z, 0-9, '_' and '-'"
            case .taken(let name): "there are two tools with the name '\(name)': rename one"
            }
        }
    }

    private var entries: [(tool: any Tool, offer: Offer)] = []

    public init() {}

    public mutating func add(_ tool: any Tool, offer: Offer = .named) throws(Fault) {
        let name = tool.declaration.name
        guard Self.isName(name) else { throw .name(name) }
        guard !entries.contains(where: { $0.tool.declaration.name == name }) else { throw .taken(name) }
        entries.append((tool, offer))
    }

    public var names: [String] { entries.map(\.tool.declaration.name) }

    /// The tools a tenant's model may use, in the order they were added.
    ///
    /// - Parameter allowed: names; `ezyvet_*` allows every tool whose name begins so. nil allows what is offered always,
    ///   an empty list nothing.
    public func tools(allowed: [String]?) -> [any Tool] {
        entries.filter { entry in
            guard let allowed else { return entry.offer == .always }
            return allowed.contains { Self.matches($0, entry.tool.declaration.name) }
        }.map(\.tool)
    }

    /// The entries of a profile's list that allow nothing: a typing error, or a tool this engine does not have.
    public func unknown(in allowed: [String]) -> [String] {
        allowed.filter { pattern in !names.contains { Self.matches(pattern, $0) } }
    }

    private static func matches(_ pattern: String, _ name: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
