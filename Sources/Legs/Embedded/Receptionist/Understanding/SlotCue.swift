import Actors

/// Which slot a caller means by "the day", "the phone number", "everything".
enum SlotCue {
    /// The index of the only slot that the words name.
    static func slot(named words: [String], in slots: [TenantProfile.Slot]) -> Int? {
        let said = Set(words.map(WordStem.stem))
        let named = slots.indices.filter { index in
            let own = slots[index].name.split(separator: "_").map { WordStem.stem(String($0)) }
            return !said.isDisjoint(with: cues(slots[index].kind).map(WordStem.stem) + own)
        }
        // "The phone number" names the digits, although "number" is also an amount.
        if named.count > 1 {
            let exact = named.filter { said.contains(WordStem.stem(slots[$0].name)) }
            return exact.count == 1 ? exact[0] : named.first { slots[$0].kind == .digits && said.contains("phon") }
        }
        return named.first
    }

    static func isCue(_ word: String) -> Bool {
        TenantProfile.Slot.Kind.allCases.contains { cues($0).contains(word) } || all.contains(word)
    }

    static func meansAll(_ words: [String]) -> Bool { words.contains(where: all.contains) }

    private static let all: Set<String> = ["everything", "all", "whole"]

    private static func cues(_ kind: TenantProfile.Slot.Kind) -> [String] {
        switch kind {
        case .dayTime: ["day", "date", "time", "hour", "when"]
        case .name: ["name"]
        case .digits: ["phone", "telephone", "digits", "number"]
        case .number: ["amount", "count", "many", "guests", "people"]
        case .choice: ["kind", "type"]
        case .text: ["text", "details"]
        }
    }
}
