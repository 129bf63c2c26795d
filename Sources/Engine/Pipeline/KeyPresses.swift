/// One press told twice, as tones in the sound and by the provider, is one press.
struct KeyPresses: BitwiseCopyable, Sendable {
    enum Source: BitwiseCopyable, Sendable {
        case provider, tones
    }

    /// The other source's word for the same press comes within this: a provider may tell of a key when it is let go.
    private static let window: Int64 = 1_500_000_000

    private var key: UInt8 = 0
    private var source = Source.provider
    private var at = MediaInstant.zero
    /// Presses of `key` that `source` has told and the other has not.
    private var ahead = 0

    /// - Returns: false when the other source has told of this press.
    mutating func isNew(_ key: UInt8, from source: Source, now: MediaInstant) -> Bool {
        let isSameRun = key == self.key && at.nanoseconds(to: now) <= Self.window
        if isSameRun, source != self.source, ahead > 0 {
            ahead -= 1
            return false
        }
        ahead = isSameRun && source == self.source ? ahead + 1 : 1
        self.key = key
        self.source = source
        at = now
        return true
    }
}
