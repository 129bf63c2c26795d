/// One answer's text on its way out, over all requests of its turn: joined, freed of repetitions, limited.
struct AnswerText: Sendable {
    private var repetition: RepeatFilter
    private var last: Character?
    private var characters = 0
    private let limit: Int
    /// Past the limit an answer still ends its sentence, within this.
    private static let grace = 200
    /// A new request goes on with the same answer.
    private var needsSpace: Bool
    /// What the request under way has said.
    private(set) var part = ""
    private(set) var isFull = false

    /// - Parameter said: what the caller already heard of this answer.
    init(said: String, limit: Int) {
        repetition = RepeatFilter(said: said)
        last = said.last
        needsSpace = !said.isEmpty
        self.limit = limit
    }

    /// Nothing but spaces was said in this turn.
    var isEmpty: Bool { characters == 0 }

    /// The model said only what the caller had heard before.
    var hasRepeated: Bool { repetition.hasDropped }

    mutating func beginRequest() {
        part = ""
        needsSpace = last != nil
    }

    /// - Returns: what is to be spoken of it; may be empty.
    mutating func push(_ text: String) -> String { take(repetition.push(text)) }

    mutating func endRequest() -> String { take(repetition.finish()) }

    private mutating func take(_ text: String) -> String {
        var taken = ""
        for character in text where !isFull {
            // An answer does not begin with space, and a later part of it is set off by one.
            if part.isEmpty, taken.isEmpty {
                if character.isWhitespace { continue }
                if needsSpace, last?.isWhitespace == false { taken.append(" ") }
            }
            taken.append(character)
            characters += 1
            isFull = characters >= limit + Self.grace || characters >= limit && ".!?\n".contains(character)
        }
        part += taken
        last = taken.last ?? last
        return taken
    }
}
