import Foundation

/// An answer as the events of a Messages stream.
struct AnthropicFrames {
    let request: ChatServerRequest
    private var blocks = 0
    /// The open block of text.
    private var text: Int?
    /// Blocks of calls, by their index in the script, and how many pieces of each are still to come.
    private var calls: [Int: Int] = [:]
    private var remaining: [Int: Int] = [:]

    init(request: ChatServerRequest) { self.request = request }

    mutating func frames(_ answer: ScriptedAnswer) -> [ChatFrame] {
        for case .arguments(let index, _) in answer.pieces { remaining[index, default: 0] += 1 }
        var frames = [start(answer.usage)]
        for piece in answer.pieces { frames += self.frames(piece) }
        if case .cut = answer.end { return frames }
        frames += closeText()
        switch answer.end {
        case .error(let type):
            return frames + [event("error", ["error": ["type": type, "message": "The server had an error"]])]
        case .stop: frames.append(end("end_turn", answer.usage))
        case .length: frames.append(end("max_tokens", answer.usage))
        case .tools: frames.append(end("tool_use", answer.usage))
        case .filtered: frames.append(end("refusal", answer.usage))
        case .cut: break
        }
        return frames + [event("message_stop", [:])]
    }

    private mutating func frames(_ piece: ScriptedAnswer.Piece) -> [ChatFrame] {
        switch piece {
        case .text(let token):
            var frames: [ChatFrame] = []
            let block = text ?? blocks
            if text == nil {
                text = block
                blocks += 1
                frames.append(begin(block, ["type": "text", "text": ""]))
            }
            return frames + [delta(block, ["type": "text_delta", "text": token])]
        case .call(let index, let id, let name):
            let frames = closeText()
            let block = blocks
            blocks += 1
            calls[index] = block
            let start = begin(block, ["type": "tool_use", "id": id, "name": name, "input": [String: Any]()])
            let isWhole = remaining[index] ?? 0 == 0
            return frames + [start] + (isWhole ? [event("content_block_stop", ["index": block])] : [])
        case .arguments(let index, let json):
            let block = calls[index] ?? 0
            remaining[index, default: 0] -= 1
            let piece = delta(block, ["type": "input_json_delta", "partial_json": json])
            return remaining[index] == 0 ? [piece, event("content_block_stop", ["index": block])] : [piece]
        case .comment(let text): return [ChatFrame(": \(text)\n\n")]
        case .ping: return [event("ping", [:])]
        case .raw(let name, let data): return [ChatFrame("event: \(name)\ndata: \(data)\n\n")]
        }
    }

    private mutating func closeText() -> [ChatFrame] {
        guard let block = text else { return [] }
        text = nil
        return [event("content_block_stop", ["index": block])]
    }

    private func start(_ usage: ScriptedAnswer.Usage?) -> ChatFrame {
        let cached = usage?.cached ?? 0
        let counts = [
            "input_tokens": (usage?.input ?? 0) - cached, "cache_read_input_tokens": cached,
            "cache_creation_input_tokens": 0, "output_tokens": 1,
        ]
        let message: [String: Any] = [
            "id": "msg_\(request.number)", "type": "message", "role": "assistant", "model": request.model,
            "content": [Any](), "stop_reason": NSNull(), "stop_sequence": NSNull(), "usage": counts,
        ]
        return event("message_start", ["message": message])
    }

    private func begin(_ block: Int, _ content: [String: Any]) -> ChatFrame {
        event("content_block_start", ["index": block, "content_block": content])
    }

    private func delta(_ block: Int, _ delta: [String: Any]) -> ChatFrame {
        event("content_block_delta", ["index": block, "delta": delta], isToken: true)
    }

    private func end(_ reason: String, _ usage: ScriptedAnswer.Usage?) -> ChatFrame {
        event(
            "message_delta",
            [
                "delta": ["stop_reason": reason, "stop_sequence": NSNull()],
                "usage": ["output_tokens": usage?.output ?? 0],
            ]
        )
    }

    private func event(_ name: String, _ members: [String: Any], isToken: Bool = false) -> ChatFrame {
        let data = wireText(members.merging(["type": name]) { _, type in type })
        return ChatFrame("event: \(name)\ndata: \(data)\n\n", isToken: isToken)
    }
}
