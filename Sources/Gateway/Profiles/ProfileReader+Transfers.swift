import Actors

/// Who takes over from the agent, and the words that make it hand over at once.
extension ProfileReader {
    func emergency(in section: ProfileSection, language: String) -> TenantProfile.Emergency {
        var emergency = TenantProfile.Emergency()
        guard let part = section.section("emergency") else { return emergency }
        part.allow(["words", "say", "languages"])
        let fix = "list words and phrases that mean danger"
        if part.entry("words") == nil { part.missing("words", fix: fix) }
        emergency.words = part.phrases("words", fix: fix)
        emergency.say = part.spoken("say", or: emergency.say, fix: "write what is said before the transfer")
        if let languages = part.section("languages") {
            for tag in tags(of: languages, besides: language, fix: "list its words under `words`") {
                let words = languages.phrases(tag, fix: fix)
                if words.isEmpty, case .sequence? = languages.entry(tag)?.node {
                    languages.fault(tag, "has no word", fix: fix)
                }
                emergency.wordsByLanguage[tag] = words
            }
        }
        if section.entry("transfer") == nil {
            let fix = "add `transfer:` with a `number`"
            if !emergency.words.isEmpty { part.fault("words", "need somebody to transfer to", fix: fix) }
            if !emergency.wordsByLanguage.isEmpty { part.fault("languages", "need somebody to transfer to", fix: fix) }
        }
        return emergency
    }

    func greetings(in section: ProfileSection, language: String) -> [String: String] {
        guard let part = section.section("greetings") else { return [:] }
        let tags = tags(of: part, besides: language, fix: "write it as `greeting`")
        return Dictionary(
            uniqueKeysWithValues: tags.map { ($0, part.spoken($0, fix: "write what the agent says first")) }
        )
    }

    /// The keys of a part that are languages, each of them well formed, and none of them the tenant's own.
    private func tags(of part: ProfileSection, besides own: String, fix: String) -> [String] {
        if part.entries.count > ProfileLimits.maximumLanguages {
            part.log.add(
                part.path,
                at: part.mark,
                "has \(part.entries.count) languages",
                fix: "keep it to \(ProfileLimits.maximumLanguages)"
            )
        }
        var tags: [String] = []
        for entry in part.entries.prefix(ProfileLimits.maximumLanguages) {
            let name = String(entry.key.prefix(40))
            func fault(_ problem: String, fix: String) {
                part.log.add(part.at(name), at: entry.mark, problem, fix: fix)
            }
            switch LanguageTag.canonical(entry.key) {
            case nil:
                fault("is not a language tag", fix: "write a BCP 47 tag: es-US")
            case let canonical? where canonical != entry.key:
                fault("is not written as usual", fix: "write `\(canonical)`")
            case own?:
                fault("is the tenant's own language", fix: fix)
            case .some:
                tags.append(entry.key)
            }
        }
        return tags
    }

    func transfer(in section: ProfileSection) -> TenantProfile.Transfer? {
        section.section("transfer").map(transfer(of:))
    }

    /// Numbers by name, for a menu's keys and for tools.
    func transfers(in section: ProfileSection) -> [String: TenantProfile.Transfer] {
        guard let part = section.section("transfers") else { return [:] }
        if part.entries.count > ProfileLimits.maximumTransfers {
            section.fault(
                "transfers",
                "has \(part.entries.count) entries",
                fix: "keep it to \(ProfileLimits.maximumTransfers)"
            )
        }
        var named: [String: TenantProfile.Transfer] = [:]
        for entry in part.entries.prefix(ProfileLimits.maximumTransfers) {
            let name = String(entry.key.prefix(40))
            if !Identifier.isPlain(entry.key) {
                part.log.add(part.at(name), at: entry.mark, "is not a plain name", fix: Identifier.fix)
            }
            guard let one = ProfileSection(entry.node, path: part.at(name), log: part.log) else { continue }
            named[entry.key] = transfer(of: one)
        }
        return named
    }

    private func transfer(of part: ProfileSection) -> TenantProfile.Transfer {
        part.allow(["number", "say", "brief"])
        let fix = "write the number to transfer to as \"+12025550142\""
        let number = part.text("number", fix: fix)
        if !number.isEmpty, !PhoneNumberText.isE164(number) {
            part.fault("number", "is not an E.164 number", fix: fix)
        }
        var transfer = TenantProfile.Transfer(number: number)
        transfer.say = part.spoken("say", or: transfer.say, fix: "write what is said before the transfer")
        if part.entry("brief") != nil {
            transfer.brief = part.spoken("brief", fix: "write what the person is told first, or leave it out")
        }
        return transfer
    }
}
