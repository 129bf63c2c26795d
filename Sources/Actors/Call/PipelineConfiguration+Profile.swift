import Engine

extension PipelineConfiguration {
    /// A tenant's tunables, rounded to whole frames.
    public init(_ profile: TenantProfile) {
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
    }
}
