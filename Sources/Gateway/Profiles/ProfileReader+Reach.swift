import Actors

/// What a caller meets besides the agent: voicemail, the word about recording, sounds, limits.
extension ProfileReader {
    func voicemail(in section: ProfileSection) -> TenantProfile.Voicemail? {
        guard let part = section.section("voicemail") else { return nil }
        part.allow(["say", "maximum", "transcribe"])
        var voicemail = TenantProfile.Voicemail(
            say: part.spoken("say", fix: "write what callers hear before the tone: Please leave a message.")
        )
        voicemail.maximumSeconds = part.seconds("maximum", in: ProfileLimits.voicemail, or: voicemail.maximumSeconds)
        voicemail.isTranscribed = part.flag("transcribe", or: voicemail.isTranscribed)
        return voicemail
    }

    func consent(in section: ProfileSection) -> TenantProfile.Consent? {
        guard let part = section.section("consent") else { return nil }
        part.allow(["kind", "say"])
        return TenantProfile.Consent(
            kind: part.choice("kind", or: TenantProfile.Consent.Kind.announce),
            say: part.spoken("say", fix: "write what callers are told about recording: This call is recorded.")
        )
    }

    func limits(in section: ProfileSection) -> TenantProfile.Limits {
        guard let part = section.section("limits") else { return TenantProfile.Limits() }
        part.allow(["calls", "requests_per_minute"])
        return TenantProfile.Limits(
            calls: part.whole("calls", in: ProfileLimits.callLimit),
            requestsPerMinute: part.whole("requests_per_minute", in: ProfileLimits.requestsPerMinute)
        )
    }

    func sound(in section: ProfileSection) -> TenantProfile.Sound {
        var sound = TenantProfile.Sound()
        guard let part = section.section("sound") else { return sound }
        part.allow(["hold_music", "filler", "filler_after", "comfort_noise", "tones"])
        sound.holdMusic = recording("hold_music", in: part, maximumSeconds: ProfileLimits.holdMusicSeconds)
        sound.filler = recording("filler", in: part, maximumSeconds: ProfileLimits.fillerSeconds)
        sound.fillerAfterMilliseconds = part.duration(
            "filler_after",
            in: ProfileLimits.fillerAfter,
            or: sound.fillerAfterMilliseconds
        )
        sound.hasComfortNoise = part.flag("comfort_noise", or: sound.hasComfortNoise)
        sound.tones = part.choice("tones", or: sound.tones)
        return sound
    }

    /// - Returns: the path from the profile's folder on; the working folder's when the profile has none.
    private func recording(_ key: String, in part: ProfileSection, maximumSeconds: Int) -> String {
        guard part.entry(key) != nil else { return "" }
        let text = part.text(key, or: "", fix: "write the path of a WAV file, from this profile's folder on")
        guard !text.isEmpty else { return "" }
        let folder = part.log.file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let path = text.hasPrefix("/") || folder.isEmpty ? text : folder.joined(separator: "/") + "/" + text
        if let found = soundFault(path, maximumSeconds) { part.fault(key, found.problem, fix: found.fix) }
        return path
    }

    func mode(in section: ProfileSection) -> TenantProfile.Mode {
        let mode = section.choice("mode", or: TenantProfile.Mode.fullAuto)
        if mode != .fullAuto, section.entry("transfer") == nil {
            section.fault(
                "mode",
                "hands calls over, but the profile has no number for it",
                fix: "add `transfer:` with a `number`"
            )
        }
        return mode
    }
}
