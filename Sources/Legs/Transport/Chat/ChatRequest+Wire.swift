import Actors
import Foundation

extension ChatRequest {
    /// The messages without empty ones, and no two of one party in a row: what a chat template that insists on alternation
    /// takes. A caller who was not answered is one message.
    package var alternating: [ChatMessage] {
        messages.reduce(into: []) { turns, message in
            switch (turns.last, message) {
            case (_, .user(let text)) where text.isBlank: break
            case (_, .assistant(let text, let calls)) where text.isBlank && calls.isEmpty: break
            case (.user(let before), .user(let text)):
                turns[turns.count - 1] = .user(before + "\n" + text)
            case (.assistant(let before, let none), .assistant(let text, let calls)) where none.isEmpty:
                turns[turns.count - 1] = .assistant(text.isBlank ? before : before + "\n" + text, calls: calls)
            default: turns.append(message)
            }
        }
    }

    /// The last message is a tool's result.
    package var answersTool: Bool { if case .tool = messages.last { true } else { false } }
}

extension ToolCall {
    /// The arguments as the object they should have been. A model that wrote something else is told so by the tool's result;
    /// its own words in the request would be refused, or break a server's template.
    package var argumentsObject: JSON {
        guard let value = try? JSON(parsing: arguments.utf8), value.object != nil else { return .object([:]) }
        return value
    }
}

extension String {
    package var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
