import Actors

/// What a tenant says without asking a model first: spoken from the cache, so that nobody waits for it.
package enum SpokenPrompts {
    package static func all(of profile: TenantProfile) -> [SpeechRequest] {
        let menu = profile.menu.map { [$0.say] + $0.choices.values.map(\.say) } ?? []
        let handOver = [profile.transfer?.say].compactMap { $0 } + profile.transfers.values.map(\.say)
        let closed = [profile.hours?.closedSay, profile.voicemail?.say, profile.consent?.say].compactMap { $0 }
        let texts =
            [profile.greeting, profile.goodbye, profile.emergency.say] + profile.fallback.say + menu + handOver + closed
        return requests(texts, profile)
    }

    /// What every caller hears first, and what must never wait.
    package static func first(of profile: TenantProfile) -> [SpeechRequest] {
        requests([profile.greeting, profile.consent?.say ?? "", profile.emergency.say], profile)
    }

    private static func requests(_ texts: [String], _ profile: TenantProfile) -> [SpeechRequest] {
        // The voice that would have to say it may be what has failed.
        let failures = profile.failurePhrases
        let pieces = (texts + failures).flatMap { PieceSplitter.pieces(of: $0, language: profile.language) }
        var seen: Set<String> = []
        return (pieces + failures).filter { !$0.isEmpty && seen.insert($0).inserted }.map {
            SpeechRequest(
                text: $0,
                voice: profile.voice,
                language: profile.language,
                pronunciations: Pronunciations(profile.pronunciations)
            )
        }
    }
}
