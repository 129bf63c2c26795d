/// Words of others on their way into a prompt.
enum ChatText {
    /// A caller's words, unable to look like a note of the telephone system.
    static func spoken(_ text: String) -> String {
        String(text.map { $0 == "[" ? "(" : $0 == "]" ? ")" : $0 })
    }

    static func note(_ text: String) -> String { "[\(text)]" }

    /// An answer that somebody else is to go on with.
    static func cutOff(after said: String) -> [ChatMessage] {
        [.assistant(said, calls: []), .user(note(wasCutOff))]
    }

    static let wasCutOff =
        "A fault cut your answer off there, and the caller heard it up to there. Go on from there without repeating a "
        + "word of it."

    /// Without line breaks and control characters, at most `limit` characters.
    static func singleLine(_ text: String, limit: Int) -> String {
        let words = text.split { $0.isWhitespace || $0.isNewline || $0.unicodeScalars.allSatisfy { $0.value < 0x20 } }
        return String(words.joined(separator: " ").prefix(limit))
    }

    /// Tokens a text takes, as an estimate on the safe side for languages in any script, with what a vendor adds for each
    /// message.
    /// - Source: OpenAI, "What are tokens and how to count them": about 4 characters of English to a token; 3 bytes are one
    ///   character of most other scripts.
    static func tokens(_ text: String) -> Int { text.utf8.count / 3 + 5 }

    static func tokens(_ message: ChatMessage) -> Int {
        switch message {
        case .user(let text): tokens(text)
        case .assistant(let text, let calls):
            tokens(text) + calls.reduce(0) { $0 + tokens($1.name) + tokens($1.arguments) }
        case .tool(_, let content, _): tokens(content)
        }
    }
}
