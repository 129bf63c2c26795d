/// How much text of finished after-call work the book holds, and whose is forgotten first. A pure value.
struct CompletedTexts {
    /// Bytes of all calls together.
    static let maximumBytes = 64 << 20

    private var order = Queue<(call: ProviderCallKey, bytes: Int)>()
    private var bytes = 0
    private let limit: Int

    init(limit: Int = Self.maximumBytes) { self.limit = limit }

    /// - Returns: calls whose oldest text is to be forgotten, once for each time they are named.
    mutating func add(_ count: Int, of call: ProviderCallKey) -> [ProviderCallKey] {
        order.append((call, count))
        bytes += count
        var old: [ProviderCallKey] = []
        while bytes > limit, order.count > 1, let first = order.popFirst() {
            bytes -= first.bytes
            old.append(first.call)
        }
        return old
    }
}
