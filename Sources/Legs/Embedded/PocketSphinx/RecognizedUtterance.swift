/// What the search found in one stretch of audio.
struct RecognizedUtterance: Sendable {
    var words: [RecognizedWord] = []
    /// Logarithm of the best path's likelihood, in the library's units: relative to the best sound of every frame.
    var score: Int
    /// Frames of 10 ms.
    var frames: Int

    var text: String { words.map(\.text).joined(separator: " ") }
}

struct RecognizedWord: Sendable {
    var text: String
    /// Frames of 10 ms.
    var frames: Int
    /// Logarithm of the word's likelihood after the words before it, in the library's units.
    var languageScore: Int
    /// A word of the tenant's sentences or of the phrasebook, not one that only catches other speech.
    var isOwn: Bool
}
