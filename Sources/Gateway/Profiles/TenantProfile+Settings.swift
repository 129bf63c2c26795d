import Actors

extension TenantProfile {
    /// The engine-wide settings that take precedence over every profile, at the start and after every reload.
    func applying(_ settings: EngineSettings) -> TenantProfile {
        var profile = self
        if let greeting = settings.greeting { profile.greeting = greeting }
        if let voice = settings.voice { profile.voice = voice }
        if let turns = settings.maximumTurns { profile.turnTaking.maximumTurns = turns }
        return profile
    }
}
