/// Believes a delay once three estimates in a row agree on it.
struct EchoDelayConfirmation: Sendable {
    /// Frames between two estimates: 200 ms.
    static let interval = 10
    /// A clear peak: measured in the quality table on echoes and on lines without.
    static let leastCorrelation: Float = 0.5
    static let leastLead: Float = 0.06

    private var lag: Int?
    private var agreeing = 0

    /// The last estimate was clear enough to become a confirmed one.
    var isPromising: Bool { agreeing > 0 }

    /// - Returns: the delay in steps of 5 ms when confirmed by this estimate.
    mutating func hear(_ peak: EchoDelayEstimator.Peak) -> Int? {
        guard peak.correlation > Self.leastCorrelation, peak.correlation - peak.runnerUp > Self.leastLead else {
            agreeing = 0
            return nil
        }
        agreeing = lag.map { abs($0 - peak.lag) <= 2 } == true ? agreeing + 1 : 1
        lag = peak.lag
        return agreeing >= 3 ? peak.lag : nil
    }
}
