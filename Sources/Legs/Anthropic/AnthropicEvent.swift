import Actors

/// One event of a Messages stream. Members that are not named are ignored.
struct AnthropicEvent: Decodable {
    enum Kind: String {
        case messageStart = "message_start"
        case blockStart = "content_block_start"
        case blockDelta = "content_block_delta"
        case messageDelta = "message_delta"
        case messageStop = "message_stop"
        case error
    }

    /// Enough to know whether the rest is wanted.
    struct Name: Decodable {
        var type: String
    }

    struct Message: Decodable {
        var usage: Usage?
    }

    struct Block: Decodable {
        var type: String
        var id: String?
        var name: String?
        var text: String?
        var input: JSON?
    }

    struct Delta: Decodable {
        var type: String?
        var text: String?
        var json: String?
        var stop: String?

        enum CodingKeys: String, CodingKey {
            case type, text
            case json = "partial_json"
            case stop = "stop_reason"
        }
    }

    struct Failure: Decodable {
        var type: String?
    }

    struct Usage: Decodable {
        var input: Int?
        var output: Int?
        var cacheRead: Int?
        var cacheWritten: Int?

        enum CodingKeys: String, CodingKey {
            case input = "input_tokens"
            case output = "output_tokens"
            case cacheRead = "cache_read_input_tokens"
            case cacheWritten = "cache_creation_input_tokens"
        }
    }

    var index: Int?
    var message: Message?
    var block: Block?
    var delta: Delta?
    var usage: Usage?
    var error: Failure?

    enum CodingKeys: String, CodingKey {
        case index, message, delta, usage, error
        case block = "content_block"
    }
}
