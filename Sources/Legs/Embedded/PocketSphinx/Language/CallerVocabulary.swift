import Actors

/// What one tenant's callers are known to say, taken from its profile.
package struct CallerVocabulary: Hashable, Sendable {
    /// Whole phrases, as words.
    var phrases: [[String]]
    /// Keywords of the intents.
    var keywords: [[String]]
    var emergencies: [[String]]
    /// Options of the choices the dialogue asks for.
    var choices: [[String]]

    package init(_ profile: TenantProfile) {
        func spoken(_ texts: [String]) -> [[String]] {
            var seen: Set<[String]> = []
            return texts.map(SpokenForm.words).filter { !$0.isEmpty && seen.insert($0).inserted }
        }
        phrases = spoken(profile.intents.flatMap(\.phrases))
        keywords = spoken(profile.intents.flatMap(\.keywords))
        emergencies = spoken(profile.emergency.words)
        choices = spoken(profile.intents.flatMap(\.slots).flatMap(\.options))
    }

    /// Every word, in alphabetical order.
    package var words: [String] {
        Set((phrases + keywords + emergencies + choices).joined()).sorted()
    }
}
