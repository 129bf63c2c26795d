/// Words a listener says to show that he listens. While the agent speaks they are no turn.
enum Backchannel {
    private static let words: Set<String> = [
        "uh", "huh", "mm", "mhm", "hm", "hmm", "aha", "ah", "oh", "okay", "ok", "right", "yeah", "sure", "i", "see",
    ]

    static func matches(_ text: String) -> Bool {
        let said = text.lowercased().split { !$0.isLetter }
        return !said.isEmpty && said.count <= 3 && said.allSatisfy { words.contains(String($0)) }
    }
}
