import Actors

/// The intents and their slots.
extension ProfileReader {
    func intents(in section: ProfileSection) -> [TenantProfile.Intent] {
        let fix = "list what callers want, each with a `name`, `phrases` and `say`"
        let parts = section.sections("intents", maximum: ProfileLimits.maximumIntents, fix: fix)
        if section.entry("intents") == nil { section.missing("intents", fix: fix) }
        if case .sequence(let list)? = section.entry("intents")?.node, list.isEmpty {
            section.fault("intents", "is an empty list", fix: fix)
        }
        var seen: Set<String> = []
        return parts.map { part in
            let intent = intent(in: part, canTransfer: section.entry("transfer") != nil)
            if !intent.name.isEmpty, !seen.insert(intent.name).inserted {
                part.fault("name", "is used by an intent before", fix: "give each intent its own name")
            }
            return intent
        }
    }

    private func intent(in part: ProfileSection, canTransfer: Bool) -> TenantProfile.Intent {
        part.allow(["name", "title", "phrases", "keywords", "patterns", "slots", "confirm", "say", "outcome"])
        let outcome = part.choice("outcome", or: TenantProfile.Intent.Outcome.answer)
        let slots = slots(in: part)
        let names = slots.map(\.name)
        let intent = TenantProfile.Intent(
            name: part.identifier("name"),
            title: part.spoken("title", or: "", fix: "name the wish as you would to a caller: booking an appointment"),
            phrases: part.phrases("phrases", fix: "write what a caller says: i would like to book an appointment"),
            keywords: part.phrases("keywords", fix: "write a word that points to this intent"),
            patterns: patterns(in: part),
            slots: slots,
            confirm: part.spoken("confirm", or: "", slots: names, fix: "write a yes/no question, or leave it out"),
            say: part.spoken(
                "say",
                or: outcome == .answer ? nil : "",
                slots: names,
                fix: "write what the agent answers"
            ),
            outcome: outcome
        )
        if intent.phrases.isEmpty, intent.keywords.isEmpty, intent.patterns.isEmpty {
            part.log.add(
                part.path,
                at: part.mark,
                "can never be recognised",
                fix: "give it `phrases`, `keywords` or `patterns`"
            )
        }
        if outcome == .transfer, !canTransfer {
            part.fault(
                "outcome",
                "transfers, but the profile has no number for it",
                fix: "add `transfer:` with a `number`"
            )
        }
        return intent
    }

    private func patterns(in part: ProfileSection) -> [String] {
        let fix = "write a regular expression over lower-case words, such as \\bhow much\\b"
        let entries = part.texts("patterns", maximum: 20, fix: fix)
        for (index, entry) in entries.enumerated() {
            let path = "\(part.at("patterns"))[\(index)]"
            if entry.text.count > SpokenPattern.maximumLength {
                part.log.add(
                    path,
                    at: entry.mark,
                    "has \(entry.text.count) characters",
                    fix: "keep it under \(SpokenPattern.maximumLength), or write two"
                )
            } else if let pattern = SpokenPattern(entry.text) {
                // One that matches nothing said would swallow every turn.
                if pattern.matches([]) {
                    part.log.add(
                        path,
                        at: entry.mark,
                        "matches when nothing was said",
                        fix: "make a word in it necessary"
                    )
                }
            } else {
                part.log.add(path, at: entry.mark, "is not a valid regular expression", fix: "check brackets; \(fix)")
            }
        }
        return entries.map(\.text)
    }

    private func slots(in part: ProfileSection) -> [TenantProfile.Slot] {
        var before: [String] = []
        return part.sections("slots", maximum: ProfileLimits.maximumSlots, fix: "list what must be asked").map {
            section in
            let slot = slot(in: section, before: before)
            if before.contains(slot.name), !slot.name.isEmpty {
                section.fault("name", "is used by a slot before", fix: "give each slot of an intent its own name")
            }
            before.append(slot.name)
            return slot
        }
    }

    private func slot(in section: ProfileSection, before: [String]) -> TenantProfile.Slot {
        section.allow(["name", "kind", "ask", "options", "minimum", "maximum"])
        if section.entry("kind") == nil {
            section.missing("kind", fix: "write one of: \(TenantProfile.Slot.Kind.list)")
        }
        let kind = section.choice("kind", or: TenantProfile.Slot.Kind.text)
        var slot = TenantProfile.Slot(
            name: section.identifier("name"),
            kind: kind,
            ask: section.spoken("ask", slots: before, fix: "write the question that is asked")
        )
        slot.options = options(in: section, kind: kind)
        let range = kind == .digits ? ProfileLimits.slotDigits : ProfileLimits.slotNumber
        slot.minimum = section.whole("minimum", in: range)
        slot.maximum = section.whole("maximum", in: range)
        for key in ["minimum", "maximum"] where section.entry(key) != nil && kind != .number && kind != .digits {
            section.fault(
                key,
                "means nothing for `\(kind.rawValue)`",
                fix: "use it with `number` or `digits`, or remove it"
            )
        }
        if let minimum = slot.minimum, let maximum = slot.maximum, minimum > maximum {
            section.fault("minimum", "is larger than `maximum`", fix: "swap them")
        }
        return slot
    }

    private func options(in section: ProfileSection, kind: TenantProfile.Slot.Kind) -> [String] {
        let fix = "list at least two answers to choose from"
        let options = section.phrases("options", fix: fix)
        if kind == .choice, options.count < 2 {
            section.fault("options", "must offer a choice", fix: fix)
        }
        if kind != .choice, section.entry("options") != nil {
            section.fault("options", "means nothing for `\(kind.rawValue)`", fix: "set `kind: choice`, or remove it")
        }
        if Set(options.map { SpokenWords.words($0) }).count < options.count {
            section.fault("options", "has an answer twice", fix: "remove one of them")
        }
        return options
    }
}
