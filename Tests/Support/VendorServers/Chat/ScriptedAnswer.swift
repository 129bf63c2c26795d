/// What a language model's server says, in no vendor's words yet.
public struct ScriptedAnswer: Sendable {
    public enum Piece: Sendable, Equatable {
        /// One token of text.
        case text(String)
        /// A call of a tool begins; `index` counts from 0 in one answer.
        case call(index: Int, id: String, name: String)
        /// A piece of its arguments' JSON text.
        case arguments(index: Int, String)
        /// What keeps proxies from closing an idle connection: an SSE comment.
        case comment(String)
        /// What the vendor itself sends to keep a connection alive: Anthropic's `ping`, elsewhere a chunk without a choice.
        case ping
        /// One event's data as it is, for what a vendor may add some day.
        case raw(event: String, data: String)
    }

    public enum End: Sendable, Equatable {
        case stop, length, tools, filtered
        /// The vendor's own error in the middle of the answer.
        case error(type: String)
        /// The body ends well, the answer does not.
        case cut
    }

    public struct Usage: Sendable, Equatable {
        public var input: Int
        public var output: Int
        /// Of the input, from the vendor's cache.
        public var cached: Int

        public init(input: Int, output: Int, cached: Int = 0) {
            self.input = input
            self.output = output
            self.cached = cached
        }
    }

    /// A tool the model calls.
    public struct Call: Sendable, Equatable {
        public var id: String
        public var name: String
        /// JSON text, whole.
        public var arguments: String

        public init(_ name: String, _ arguments: String = "{}", id: String = "call_1") {
            self.id = id
            self.name = name
            self.arguments = arguments
        }
    }

    public var pieces: [Piece]
    public var end: End
    public var usage: Usage?

    public init(_ pieces: [Piece], end: End = .stop, usage: Usage? = Usage(input: 25, output: 12)) {
        self.pieces = pieces
        self.end = end
        self.usage = usage
    }

    /// A text, a token for each word.
    public static func say(_ text: String) -> Self { Self(tokens(text)) }

    /// Calls of tools, their arguments in pieces that come in turns.
    ///
    /// - Parameter characters: of a piece.
    public static func call(_ calls: [Call], saying text: String = "", characters: Int = 5) -> Self {
        var pieces = tokens(text)
        for (index, call) in calls.enumerated() { pieces.append(.call(index: index, id: call.id, name: call.name)) }
        var rest = calls.map { Array($0.arguments.unicodeScalars) }
        while rest.contains(where: { !$0.isEmpty }) {
            for index in rest.indices where !rest[index].isEmpty {
                var piece = String.UnicodeScalarView()
                piece.append(contentsOf: rest[index].prefix(characters))
                rest[index].removeFirst(min(characters, rest[index].count))
                pieces.append(.arguments(index: index, String(piece)))
            }
        }
        return Self(pieces, end: .tools)
    }

    public static func call(_ name: String, _ arguments: String = "{}", id: String = "call_1") -> Self {
        call([Call(name, arguments, id: id)])
    }

    /// Words with the space before each, as models' tokens have it.
    private static func tokens(_ text: String) -> [Piece] {
        var tokens: [String] = []
        for character in text {
            if tokens.isEmpty || character == " " { tokens.append("") }
            tokens[tokens.count - 1].append(character)
        }
        return tokens.map { .text($0) }
    }
}
