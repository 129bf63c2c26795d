import Engine

extension PipelineConfiguration {
    /// The noise of a good telephone line: -70 dBFS, in 16-bit steps.
    private static let comfortNoiseLevel: Float = 10

    /// A tenant's tunables, rounded to whole frames.
    /// - Parameter providerSendsKeys: the provider tells of pressed keys itself, so `auto` needs not listen for them.
    public init(_ profile: TenantProfile, providerSendsKeys: Bool = true) {
        self.init()
        let tunables = profile.turnTaking
        func frames(_ milliseconds: Int) -> Int { max(1, milliseconds / Frame.milliseconds) }
        bargeIn.stopFrames = frames(tunables.bargeInMilliseconds)
        bargeIn.windowFrames = min(127, max(bargeIn.stopFrames, frames(tunables.bargeInWindowMilliseconds)))
        bargeIn.duckFrames = tunables.duckMilliseconds == 0 ? 0 : frames(tunables.duckMilliseconds)
        // The detector's hang of 120 ms is part of the silence.
        turn.endSilence = .milliseconds(tunables.endOfTurnMilliseconds + 120)
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
