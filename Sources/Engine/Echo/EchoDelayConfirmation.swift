/// Believes a delay once several estimates in a row agree on it: three when they are clear, more when they are not.
///
/// Two people who talk at once can look alike for a second (correlations to 0.67, or 0.5 for 1.4 s, on generated talk without
/// echo); an echo reaches 0.9 on a quiet line and 0.5 under noise 10 dB below it, and stays.
struct EchoDelayConfirmation: Sendable {
    /// Frames between two estimates: 200 ms.
    static let interval = 10

    private var lag: Int?
    private var clear = 0
    private var agreeing = 0

    /// The last estimate looked like an echo, though it is not confirmed.
    private(set) var isPromising = false

    /// - Returns: the delay in steps of 5 ms when confirmed by this estimate.
    mutating func hear(_ peak: EchoDelayEstimator.Peak) -> Int? {
        let lead = peak.correlation - peak.runnerUp
        isPromising = peak.correlation > 0.35
        guard peak.correlation > 0.4, lead > 0.06 else {
            (clear, agreeing) = (0, 0)
            return nil
        }
        if let lag, abs(lag - peak.lag) > 2 { (clear, agreeing) = (0, 0) }
        lag = peak.lag
        agreeing += 1
        clear = peak.correlation > 0.6 && lead > 0.1 ? clear + 1 : 0
        return clear >= 3 || agreeing >= 10 ? peak.lag : nil
    }
}
