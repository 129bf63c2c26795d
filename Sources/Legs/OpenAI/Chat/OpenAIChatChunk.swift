import Actors

/// One `chat.completion.chunk`, or what a compatible server sends in its place. Members that are not named are ignored.
struct OpenAIChatChunk: Decodable {
    struct Choice: Decodable {
        var index: Int?
        var delta: Delta?
        var finish: String?

        enum CodingKeys: String, CodingKey {
            case index, delta
            case finish = "finish_reason"
        }
    }

    struct Delta: Decodable {
        var content: String?
        var calls: [Call]?

        enum CodingKeys: String, CodingKey {
            case content
            case calls = "tool_calls"
        }
    }

    struct Call: Decodable {
        struct Function: Decodable {
            var name: String?
            /// Pieces of a text; some servers send the whole object.
            var arguments: JSON?
        }

        var index: Int?
        var id: String?
        var function: Function?
    }

    var object: String?
    var choices: [Choice]?
    var usage: Usage?
    /// An object by the vendor; a text from some servers.
    var error: JSON?
    /// Of an error that is the whole object.
    var code: JSON?

    struct Usage: Decodable {
        struct Details: Decodable {
            var cached: Int?
            enum CodingKeys: String, CodingKey { case cached = "cached_tokens" }
        }

        var input: Int?
        var output: Int?
        var details: Details?

        enum CodingKeys: String, CodingKey {
            case input = "prompt_tokens"
            case output = "completion_tokens"
            case details = "prompt_tokens_details"
        }

        var counted: ChatUsage {
            ChatUsage(
                inputTokens: max(0, input ?? 0),
                outputTokens: max(0, output ?? 0),
                cachedTokens: max(0, details?.cached ?? 0)
            )
        }
    }

    /// The error the chunk is, if it is one.
    var vendorError: ChatFault.VendorWord? {
        switch error {
        case .object(let members) where !members.isEmpty:
            let code = members["code"]
            return .init(code?.text ?? members["type"]?.text, status: Self.status(code))
        case .text(let text) where !text.isEmpty: return .init(nil)
        default: return object == "error" ? .init(nil, status: Self.status(code)) : nil
        }
    }

    private static func status(_ code: JSON?) -> Int? { code?.integer.flatMap { Int(exactly: $0) } }
}
