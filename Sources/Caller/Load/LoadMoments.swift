/// An answer that somebody heard.
package struct LoadAnswer: Sendable {
    /// When it began, nanoseconds of the monotonic clock.
    package var at: Int64
    /// How long after the caller's last word.
    package var milliseconds: Double

    package init(at: Int64, milliseconds: Double) {
        self.at = at
        self.milliseconds = milliseconds
    }
}

/// What a run has kept of each moment, to be told apart by what the engine's processor did then.
package struct LoadMoments: Sendable {
    /// The window in which everything was counted.
    package var window: TimeSpan
    /// Calls at once.
    package var calls = 0
    /// Gaps of 60 ms or more.
    package var gaps: [TimeSpan] = []
    package var answers: [LoadAnswer] = []
    package var lateTicks = LateTickLog()

    package init(window: TimeSpan) { self.window = window }
}
