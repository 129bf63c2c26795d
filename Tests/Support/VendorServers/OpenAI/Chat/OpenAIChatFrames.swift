import Foundation

/// An answer as `chat.completion.chunk` events.
struct OpenAIChatFrames {
    let request: ChatServerRequest

    private var asksForUsage: Bool { request.body.contains(#""include_usage":true"#) }

    func frames(_ answer: ScriptedAnswer) -> [ChatFrame] {
        var frames = [chunk(["role": "assistant", "content": ""])]
        frames += answer.pieces.map(frame)
        switch answer.end {
        case .cut: return frames
        case .error(let type):
            let error =
                ["message": "The server had an error", "type": type, "param": NSNull(), "code": type] as [String: Any]
            return frames + [event(wireText(["error": error]))]
        case .stop: frames.append(chunk([:], finish: "stop"))
        case .length: frames.append(chunk([:], finish: "length"))
        case .tools: frames.append(chunk([:], finish: "tool_calls"))
        case .filtered: frames.append(chunk([:], finish: "content_filter"))
        }
        if let usage = answer.usage, asksForUsage {
            let counts: [String: Any] = [
                "prompt_tokens": usage.input, "completion_tokens": usage.output,
                "total_tokens": usage.input + usage.output,
                "prompt_tokens_details": ["cached_tokens": usage.cached],
            ]
            frames.append(event(wireText(envelope(choices: [], usage: counts))))
        }
        return frames + [event("[DONE]")]
    }

    private func frame(_ piece: ScriptedAnswer.Piece) -> ChatFrame {
        switch piece {
        case .text(let text): chunk(["content": text], isToken: true)
        case .call(let index, let id, let name):
            chunk(
                [
                    "tool_calls": [
                        ["index": index, "id": id, "type": "function", "function": ["name": name, "arguments": ""]]
                    ]
                ],
                isToken: true
            )
        case .arguments(let index, let text):
            chunk(["tool_calls": [["index": index, "function": ["arguments": text]]]], isToken: true)
        case .comment(let text): ChatFrame(": \(text)\n\n")
        case .ping: event(wireText(envelope(choices: [], usage: NSNull())))
        case .raw(_, let data): event(data)
        }
    }

    private func chunk(_ delta: [String: Any], finish: String? = nil, isToken: Bool = false) -> ChatFrame {
        let reason: Any = finish.map { $0 as Any } ?? NSNull()
        let choice: [String: Any] = ["index": 0, "delta": delta, "finish_reason": reason]
        return event(wireText(envelope(choices: [choice], usage: NSNull())), isToken: isToken)
    }

    private func envelope(choices: [[String: Any]], usage: Any) -> [String: Any] {
        var envelope: [String: Any] = [
            "id": "chatcmpl-\(request.number)", "object": "chat.completion.chunk", "created": 1,
            "model": request.model, "system_fingerprint": "fp", "choices": choices,
        ]
        if asksForUsage { envelope["usage"] = usage }
        return envelope
    }

    private func event(_ data: String, isToken: Bool = false) -> ChatFrame {
        ChatFrame("data: \(data)\n\n", isToken: isToken)
    }
}
