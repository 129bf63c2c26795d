/// What Ringover's media server has been sent and not played yet, modelled: it acknowledges nothing.
///
/// It plays what it has back to back from the moment the first of it is there, and a `break` empties it. Marks are given back
/// when the modelled position passes them; so they prove nothing, and what they say was heard is an estimate: the way to the
/// caller's ear is not in it. A value that is told the time, in nanoseconds of the monotonic clock.
package struct RingoverQueue: ~Copyable {
    private struct Mark: BitwiseCopyable {
        var number: Int64 = 0
        var due: Int64 = 0
    }

    /// When everything sent will have been played.
    package private(set) var playsUntil: Int64 = 0
    /// As many as the ledger waits for at most.
    private var marks = InlineArray<32, Mark>(repeating: Mark())
    private var first = 0
    private var count = 0

    package init() {}

    /// Nanoseconds of audio that were sent and not played yet.
    package func ahead(at now: Int64) -> Int64 { max(0, playsUntil - now) }

    package mutating func sent(_ nanoseconds: Int64, now: Int64) { playsUntil = max(playsUntil, now) &+ nanoseconds }

    /// A mark behind everything sent so far and `held` nanoseconds that will follow it without a gap.
    package mutating func mark(_ number: Int64, held: Int64, now: Int64) {
        guard count < 32 else { return }
        marks[(first + count) & 31] = Mark(number: number, due: max(playsUntil, now) &+ held)
        count += 1
    }

    /// The next mark that has been passed, once.
    package mutating func passed(now: Int64) -> Int64? {
        guard count > 0, marks[first & 31].due <= now else { return nil }
        defer {
            first = (first + 1) & 31
            count -= 1
        }
        return marks[first & 31].number
    }

    /// When the next mark is passed.
    package var nextMark: Int64? { count > 0 ? marks[first & 31].due : nil }

    /// The provider dropped everything; what was marked there is never heard.
    package mutating func emptied(now: Int64) {
        playsUntil = now
        count = 0
    }
}
