import Synchronization

/// Which marks were poked: one bit each, set from any thread, taken by the worker's.
struct PokedMarks: ~Copyable {
    /// Enough that hundreds of calls on one leg worker hardly share.
    static let count = words * 64
    private static let words = 16

    private let bits = InlineArray<16, Atomic<UInt64>> { _ in Atomic(0) }

    func set(_ mark: Int) {
        bits[mark / 64].bitwiseOr(1 << UInt64(mark % 64), ordering: .releasing)
    }

    /// Calls `body` with every mark that was set, and clears it first: news that comes meanwhile is seen next time.
    func take(_ body: (Int) -> Void) {
        for word in 0..<Self.words where bits[word].load(ordering: .relaxed) != 0 {
            var set = bits[word].exchange(0, ordering: .acquiring)
            while set != 0 {
                body(word * 64 + set.trailingZeroBitCount)
                set &= set - 1
            }
        }
    }
}
