import Actors

/// What the receptionist answers to one turn.
package struct Reply: Sendable, Equatable {
    /// Plain spoken English. Empty only while keys of a longer number are being pressed: then nothing is said and the
    /// agent goes on listening.
    package var text: String
    package var expectation: Expectation
    package var action: CallAction?
    /// The profile's name of the intent that was understood or finished.
    package var intent: String?

    package init(text: String, expectation: Expectation, action: CallAction? = nil, intent: String? = nil) {
        self.text = text
        self.expectation = expectation
        self.action = action
        self.intent = intent
    }

    /// The deltas of the answer as a cloud model streams them: the intent, the text word by word, what is expected
    /// next, and what to do.
    package var deltas: [DialogueDelta] {
        let words = Reply.tokens(text).map { DialogueDelta.text($0) }
        return (intent.map { [.intent($0)] } ?? []) + words + [.expect(expectation)]
            + (action.map { [.action($0)] } ?? [])
    }

    /// Each word with the space after it; joined they are the text.
    static func tokens(_ text: String) -> [String] {
        var tokens: [String] = []
        var token = ""
        for character in text {
            token.append(character)
            if character == " " {
                tokens.append(token)
                token = ""
            }
        }
        return token.isEmpty ? tokens : tokens + [token]
    }
}
