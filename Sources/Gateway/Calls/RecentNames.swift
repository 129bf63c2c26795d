/// The last names that were told, to know one that is told again. A pure value.
struct RecentNames {
    private var known: Set<String> = []
    private var order = Queue<String>()
    private let limit: Int

    /// - Parameter limit: names remembered; the oldest is forgotten first.
    init(limit: Int) { self.limit = max(1, limit) }

    var count: Int { known.count }

    /// Names are made by providers: one longer than this is kept as its hash.
    static let nameBytes = 128

    /// - Returns: false when the name is known.
    mutating func insert(_ name: String) -> Bool {
        let name = Self.bounded(name)
        guard known.insert(name).inserted else { return false }
        order.append(name)
        if known.count > limit, let oldest = order.popFirst() { known.remove(oldest) }
        return true
    }

    func holds(_ name: String) -> Bool { known.contains(Self.bounded(name)) }

    private static func bounded(_ name: String) -> String {
        guard name.utf8.count > nameBytes else { return name }
        return MessageAuthentication.sha256(Array(name.utf8)).map { String($0, radix: 16) }.joined(separator: ".")
    }
}
