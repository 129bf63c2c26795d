/// Words a listener says to show that he listens. While the agent speaks they are no turn.
struct Backchannel: Sendable {
    /// Longer than this is meant to be heard.
    private static let maximumWords = 3

    private let words: Set<String>

    /// - Parameter language: BCP 47; in a language that is not here only the sounds count that are the same everywhere.
    init(language: String) {
        let code = String(language.lowercased().prefix { $0 != "-" && $0 != "_" })
        words = Self.sounds.union(Self.byLanguage[code] ?? [])
    }

    func matches(_ text: String) -> Bool {
        let said = text.lowercased().split { !$0.isLetter }
        return !said.isEmpty && said.count <= Self.maximumWords && said.allSatisfy { words.contains(String($0)) }
    }

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    private static let sounds = words("mm mmm mhm hm hmm aha ah oh uh huh ok okay")

    private static let byLanguage: [String: Set<String>] = [
        "en": words("right yeah yep sure i see got it alright"),
        "fr": words("oui ouais d accord voilà bien sûr je vois ah bon entendu hum"),
        "de": words("ja jaja genau gut klar stimmt verstehe ach so aha alles richtig"),
        "es": words("sí si ya claro vale bueno entiendo ajá bien de acuerdo"),
    ]
}
