import Actors

/// What a tenant says about the legs behind its agent, and what a language model is told and may do.
extension ProfileReader {
    func agent(in section: ProfileSection) -> TenantProfile.Agent {
        var agent = TenantProfile.Agent()
        guard let part = section.section("agent") else { return agent }
        part.allow([
            "instructions", "facts", "maximum_answer_words", "temperature", "languages", "knows_caller_number", "tools",
            "triage_turns",
        ])
        agent.instructions = part.text("instructions", or: "", fix: "write who the agent is and how it behaves")
        if agent.instructions.count > ProfileLimits.maximumInstructions {
            part.fault(
                "instructions",
                "has \(agent.instructions.count) characters",
                fix: "keep it under \(ProfileLimits.maximumInstructions); details belong to `facts`"
            )
        }
        agent.facts = part.texts("facts", maximum: ProfileLimits.maximumFacts, fix: "write one fact a line").map(\.text)
        agent.maximumAnswerWords =
            part.whole("maximum_answer_words", in: ProfileLimits.answerWords, or: agent.maximumAnswerWords)
        agent.temperature = temperature(in: part)
        agent.languages = part.texts("languages", fix: "list languages as BCP 47 tags: [fr-FR, de-DE]").compactMap {
            language in
            let tag = LanguageTag.canonical(language.text)
            if tag == nil {
                part.fault("languages", "'\(language.text.prefix(20))' is no language tag", fix: "write it as fr-FR")
            }
            return tag
        }
        agent.knowsCallerNumber = part.flag("knows_caller_number", or: agent.knowsCallerNumber)
        if part.entry("tools") != nil {
            agent.tools = part.texts("tools", fix: "list tools by name: [transfer, take_message]").map(\.text)
        }
        agent.triageTurns = part.whole("triage_turns", in: ProfileLimits.triageTurns, or: agent.triageTurns)
        return agent
    }

    private func temperature(in part: ProfileSection) -> Double? {
        guard part.entry("temperature") != nil else { return nil }
        let text = part.text("temperature", or: "", fix: "write a number from 0 to 2")
        guard let value = Double(text), (0...2).contains(value) else {
            part.fault("temperature", "is no number from 0 to 2", fix: "write a number from 0 to 2: 0.4")
            return nil
        }
        return value
    }

    /// Kinds of personal data that are taken out of the words before each sink.
    func redaction(in section: ProfileSection) -> RedactionPolicy {
        var policy = RedactionPolicy()
        guard let part = section.section("redaction") else { return policy }
        part.allow(RedactionSink.allCases.map(\.rawValue))
        for sink in RedactionSink.allCases where part.entry(sink.rawValue) != nil {
            let known = PersonalKind.allCases.map(\.rawValue).joined(separator: ", ")
            var kinds: Set<PersonalKind> = []
            for name in part.texts(sink.rawValue, fix: "list what is taken out: [\(known)]") {
                if let kind = PersonalKind(rawValue: name.text) {
                    kinds.insert(kind)
                } else {
                    part.fault(
                        sink.rawValue,
                        "'\(name.text.prefix(20))' is not one of: \(known)",
                        fix: "write one of them"
                    )
                }
            }
            policy.kinds[sink] = kinds
        }
        return policy
    }

    /// The order of each leg's providers.
    func legs(in section: ProfileSection) -> TenantProfile.Legs {
        var legs = TenantProfile.Legs()
        guard let part = section.section("legs") else { return legs }
        part.allow(LegKind.allCases.map(\.rawValue))
        func order(_ kind: LegKind, _ known: [LegSettings.Provider]) -> [String]? {
            guard part.entry(kind.rawValue) != nil else { return nil }
            let names = known.map(\.rawValue)
            return part.texts(kind.rawValue, fix: "list providers in order: [\(names.joined(separator: ", "))]").map {
                name in
                if !names.contains(name.text) {
                    part.fault(
                        kind.rawValue,
                        "'\(name.text.prefix(20))' is not one of: \(names.joined(separator: ", "))",
                        fix: "write one of them"
                    )
                }
                return name.text
            }
        }
        legs.stt = order(.stt, LegSettings.transcribers)
        legs.llm = order(.llm, LegSettings.models)
        legs.tts = order(.tts, LegSettings.synthesizers)
        return legs
    }

    /// Vendors' names of voices: `elevenlabs: 21m00...`.
    func voices(in section: ProfileSection) -> [String: String] {
        let known = LegSettings.synthesizers.filter { $0 != .timed }.map(\.rawValue)
        guard let part = section.section("voices") else { return [:] }
        part.allow(known)
        var voices: [String: String] = [:]
        for name in known where part.entry(name) != nil {
            let voice = part.text(name, or: "", fix: "write the vendor's own name or id of a voice")
            let isPlain =
                voice.utf8.count <= 128
                && voice.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                        || $0 == 0x5F
                }
            if !isPlain { part.fault(name, "is no name of a voice", fix: "write letters, digits, - and _ only") }
            voices[name] = voice
        }
        return voices
    }

    /// Words as they are written, and how they are said.
    func pronunciations(in section: ProfileSection) -> [String: String] {
        guard let part = section.section("pronunciations") else { return [:] }
        if part.entries.count > ProfileLimits.maximumListItems {
            section.fault(
                "pronunciations",
                "has \(part.entries.count) entries",
                fix: "keep it to \(ProfileLimits.maximumListItems)"
            )
        }
        var words: [String: String] = [:]
        for entry in part.entries.prefix(ProfileLimits.maximumListItems) {
            words[entry.key] = part.text(entry.key, or: "", fix: "write how the word is said")
        }
        return words
    }
}
