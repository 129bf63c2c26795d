import Glibc

/// The share of wall time a thread spends awake, exponentially smoothed: a value told the time.
///
/// Exact for a share that changes at known moments: between two of them the smoothed share moves towards 1 (awake) or
/// 0 (asleep) with the time constant, so it may be read at any moment, also of a thread that sleeps without waking or is
/// stuck in a long job.
public struct BusyShare: Sendable, BitwiseCopyable {
    /// Long enough to smooth over 50 periods of 20 ms, short enough to follow calls as they come.
    public static let timeConstant = 1e9  // ns

    private var share: Double = 0
    private var since: Int64
    private var isAwake = false

    public init(now: Int64) { since = now }

    /// The smoothed share at `now`, 0 to 1.
    public func share(now: Int64) -> Double {
        let target = isAwake ? 1.0 : 0.0
        return target + (share - target) * Self.fade(now - since)
    }

    public mutating func wake(now: Int64) { turn(awake: true, now) }
    public mutating func sleep(now: Int64) { turn(awake: false, now) }

    private mutating func turn(awake: Bool, _ now: Int64) {
        share = share(now: now)
        since = max(since, now)
        isAwake = awake
    }

    /// What is left of a difference after `nanoseconds`.
    static func fade(_ nanoseconds: Int64) -> Double { exp(-Double(max(0, nanoseconds)) / timeConstant) }

    /// The three fields in two words, for publication.
    var words: (share: UInt64, since: Int64) {
        (share.bitPattern, isAwake ? since : -since)
    }

    init(words: (share: UInt64, since: Int64)) {
        share = Double(bitPattern: words.share)
        isAwake = words.since > 0
        since = Int64(words.since.magnitude)
    }
}

/// How many targets came so lately that their load is not in the smoothed share yet: a value told the time.
///
/// A target that came `t` ago is in the share with all but `exp(-t / timeConstant)` of its load, so that much of it is
/// counted here. One that left is still in the share, and counts negative in the same way.
public struct FreshTargets: Sendable, BitwiseCopyable {
    private var count: Double = 0
    private var since: Int64

    public init(now: Int64) { since = now }

    public func count(now: Int64) -> Double { count * BusyShare.fade(now - since) }

    public mutating func add(_ number: Double, now: Int64) {
        count = count(now: now) + number
        since = max(since, now)
    }
}
