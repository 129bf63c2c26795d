import Actors

/// The parts around the intents: fallback, silence and the turn-taking tunables.
extension ProfileReader {
    func fallback(in section: ProfileSection) -> TenantProfile.Fallback {
        var fallback = TenantProfile.Fallback()
        guard let part = section.section("fallback") else { return fallback }
        part.allow(["say", "escalate_after"])
        fallback.say = part.spokenLines(
            "say",
            or: fallback.say,
            fix: "list what is said when a turn was not understood"
        )
        fallback.escalateAfter = part.whole(
            "escalate_after",
            in: ProfileLimits.escalateAfter,
            or: fallback.escalateAfter
        )
        return fallback
    }

    func silence(in section: ProfileSection) -> TenantProfile.Silence {
        var silence = TenantProfile.Silence()
        guard let part = section.section("silence") else { return silence }
        part.allow(["after", "say", "hang_up_after"])
        silence.afterMilliseconds = part.duration(
            "after",
            in: ProfileLimits.silenceAfter,
            or: silence.afterMilliseconds
        )
        silence.say = part.spokenLines("say", or: silence.say, fix: "list what is asked when the caller is silent")
        silence.hangUpAfter = part.whole("hang_up_after", in: ProfileLimits.hangUpAfter, or: silence.hangUpAfter)
        return silence
    }

    func turnTaking(in section: ProfileSection) -> TenantProfile.TurnTaking {
        var turns = TenantProfile.TurnTaking()
        guard let part = section.section("turn_taking") else { return turns }
        part.allow([
            "barge_in", "barge_in_window", "duck", "end_of_turn", "minimum_speech", "protect_greeting", "maximum_turn",
            "maximum_call", "maximum_turns", "lead", "speculates", "pause", "end_of_finished_turn",
            "end_of_unfinished_turn", "barge_in_words",
        ])
        turns.speculates = part.flag("speculates", or: turns.speculates)
        turns.pauseMilliseconds = part.duration("pause", in: ProfileLimits.pause, or: turns.pauseMilliseconds)
        turns.bargeInWords = part.whole("barge_in_words", in: ProfileLimits.bargeInWords, or: turns.bargeInWords)
        turns.bargeInMilliseconds = part.duration("barge_in", in: ProfileLimits.bargeIn, or: turns.bargeInMilliseconds)
        turns.bargeInWindowMilliseconds = part.duration(
            "barge_in_window",
            in: ProfileLimits.bargeInWindow,
            or: max(turns.bargeInWindowMilliseconds, turns.bargeInMilliseconds)
        )
        turns.duckMilliseconds = part.duration(
            "duck",
            in: ProfileLimits.duck,
            or: min(turns.duckMilliseconds, turns.bargeInMilliseconds)
        )
        turns.endOfTurnMilliseconds = part.duration(
            "end_of_turn",
            in: ProfileLimits.endOfTurn,
            or: turns.endOfTurnMilliseconds
        )
        if part.entry("end_of_finished_turn") != nil {
            turns.endOfFinishedTurnMilliseconds = part.duration(
                "end_of_finished_turn",
                in: ProfileLimits.endOfTurn,
                or: turns.endOfTurnMilliseconds
            )
        }
        turns.endOfUnfinishedTurnMilliseconds = part.duration(
            "end_of_unfinished_turn",
            in: ProfileLimits.endOfTurn,
            or: max(turns.endOfUnfinishedTurnMilliseconds, turns.endOfTurnMilliseconds)
        )
        turns.minimumSpeechMilliseconds = part.duration(
            "minimum_speech",
            in: ProfileLimits.minimumSpeech,
            or: turns.minimumSpeechMilliseconds
        )
        turns.protectGreetingMilliseconds = part.duration(
            "protect_greeting",
            in: ProfileLimits.protectGreeting,
            or: turns.protectGreetingMilliseconds
        )
        turns.leadMilliseconds = part.duration("lead", in: ProfileLimits.lead, or: turns.leadMilliseconds)
        turns.maximumTurnSeconds = part.seconds(
            "maximum_turn",
            in: ProfileLimits.maximumTurn,
            or: turns.maximumTurnSeconds
        )
        turns.maximumCallSeconds = part.seconds(
            "maximum_call",
            in: ProfileLimits.maximumCall,
            or: turns.maximumCallSeconds
        )
        turns.maximumTurns = part.whole("maximum_turns", in: ProfileLimits.maximumTurns, or: turns.maximumTurns)
        if turns.bargeInWindowMilliseconds < turns.bargeInMilliseconds {
            part.fault("barge_in_window", "is shorter than `barge_in`", fix: "make the window at least as long")
        }
        if turns.duckMilliseconds > turns.bargeInMilliseconds {
            part.fault("duck", "is longer than `barge_in`", fix: "make it shorter, or 0ms to switch ducking off")
        }
        return turns
    }
}

extension ProfileSection {
    /// A list of what callers say: each entry has at least one word.
    func phrases(_ key: String, fix: String) -> [String] {
        let entries = texts(key, fix: fix)
        for (index, entry) in entries.enumerated() {
            let path = "\(at(key))[\(index)]"
            if SpokenWords.words(entry.text).isEmpty {
                log.add(path, at: entry.mark, "has no word in it", fix: fix)
            }
            if entry.text.count > ProfileLimits.maximumPhraseCharacters {
                log.add(
                    path,
                    at: entry.mark,
                    "has \(entry.text.count) characters",
                    fix: "keep a phrase under \(ProfileLimits.maximumPhraseCharacters)"
                )
            }
        }
        return entries.map(\.text)
    }
}
