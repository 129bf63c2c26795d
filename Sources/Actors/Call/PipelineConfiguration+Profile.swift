import Engine

extension PipelineConfiguration {
    /// The noise of a good telephone line: -70 dBFS, in 16-bit steps.
    private static let comfortNoiseLevel: Float = 10

    /// A lowered voice waits 1 s for the words that would stop it.
    private static let framesForWords = 50

    /// An unvoiced onset lasts up to 120 ms on the labelled sentences before the detector is sure of the voice.
    private static let longestDoubt = Duration.milliseconds(120)

    /// A tenant's tunables, rounded to whole frames.
    /// - Parameter providerSendsKeys: the provider tells of pressed keys itself, so `auto` needs not listen for them.
    public init(_ profile: TenantProfile, providerSendsKeys: Bool = true) {
        self.init()
        let tunables = profile.turnTaking
        func frames(_ milliseconds: Int) -> Int { max(1, milliseconds / Frame.milliseconds) }
        bargeIn.stopFrames = frames(tunables.bargeInMilliseconds)
        bargeIn.windowFrames = min(127, max(bargeIn.stopFrames, frames(tunables.bargeInWindowMilliseconds)))
        bargeIn.duckFrames = tunables.duckMilliseconds == 0 ? 0 : frames(tunables.duckMilliseconds)
        if tunables.bargeInWords > 0 {
            bargeIn.stopsBySound = false
            bargeIn.restoreFrames = Self.framesForWords
        }
        turn.endSilence = tunables.endSilence(after: .unknown)
        turn.shortestEndSilence = min(turn.endSilence, tunables.endSilence(after: .finished))
        turn.longestEndSilence = max(turn.endSilence, tunables.endSilence(after: .unfinished))
        turn.longestDoubt = Self.longestDoubt
        turn.pauseSilence = tunables.speculates ? .milliseconds(tunables.pauseMilliseconds) : .zero
        turn.minimumSpeech = .milliseconds(tunables.minimumSpeechMilliseconds)
        turn.maximumTurn = .seconds(tunables.maximumTurnSeconds)
        protectedStart = .milliseconds(tunables.protectGreetingMilliseconds)
        maximumCall = .seconds(tunables.maximumCallSeconds)
        lead = .milliseconds(tunables.leadMilliseconds)
        idleAfter = .milliseconds(profile.silence.afterMilliseconds)
        hearsTones =
            switch profile.sound.tones {
            case .auto: !providerSendsKeys
            case .always: true
            case .never: false
            }
        comfortNoise = profile.sound.hasComfortNoise ? Self.comfortNoiseLevel : 0
    }
}

extension TenantProfile.TurnTaking {
    /// Silence after the last speech frame that ends a turn. The detector's hang of 120 ms is part of it.
    func endSilence(after sentence: SentenceState) -> Duration {
        let patience =
            switch sentence {
            case .finished: endOfFinishedTurnMilliseconds ?? endOfTurnMilliseconds
            case .unfinished: max(endOfUnfinishedTurnMilliseconds, endOfTurnMilliseconds)
            case .unknown: endOfTurnMilliseconds
            }
        return .milliseconds(patience + 120)
    }
}
