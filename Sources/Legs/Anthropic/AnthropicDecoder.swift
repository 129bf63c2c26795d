import Actors

/// A Messages stream: events in, the answer's pieces out. Blocks, deltas and events of unknown kinds are passed over.
package struct AnthropicDecoder: ChatDecoder {
    private var answer: ChatAnswer
    private let nonce: String
    private var callAtIndex: [Int: Int] = [:]
    private var usage = AnthropicEvent.Usage()
    private var reason: ChatFinish?
    package private(set) var isFinished = false
    package var answerBytes: Int { answer.bytes }

    /// - Parameter nonce: makes the ids unique that are made up for calls without one.
    package init(limits: ChatLimits = ChatLimits(), mayBeEmpty: Bool = false, nonce: String) {
        answer = ChatAnswer(limits: limits, mayBeEmpty: mayBeEmpty)
        self.nonce = nonce
    }

    package mutating func push(event name: String, data: String) throws(ChatFault) -> [ChatDelta] {
        guard !isFinished else { return [] }
        // The name is equal to the data's own; a server that leaves it away is taken at the data's word.
        var kind = AnthropicEvent.Kind(rawValue: name)
        if name.isEmpty || name == "message" {
            kind = AnthropicEvent.Kind(rawValue: try EventJSON.decode(AnthropicEvent.Name.self, data).type)
        }
        guard let kind else { return [] }
        let event = try EventJSON.decode(AnthropicEvent.self, data)
        switch kind {
        case .messageStart:
            count(event.message?.usage)
            return []
        case .blockStart: return try begin(event)
        case .blockDelta: return try add(event)
        case .messageDelta:
            count(event.usage)
            reason = event.delta?.stop.map(Self.reason) ?? reason
            return []
        case .messageStop:
            isFinished = true
            return try answer.finish(reason ?? .stop) { "toolu_\(nonce)_\($0)" }
        case .error: throw .vendor(.init(event.error?.type))
        }
    }

    package mutating func end() throws(ChatFault) -> [ChatDelta] {
        guard isFinished else { throw .cut }
        return []
    }

    private mutating func begin(_ event: AnthropicEvent) throws(ChatFault) -> [ChatDelta] {
        guard let block = event.block else { throw .malformed("the start of a block without a block") }
        switch block.type {
        case "text": return try answer.text(block.text ?? "")
        case "tool_use":
            guard let index = event.index else { throw .malformed("a block without an index") }
            guard callAtIndex[index] == nil else { throw .malformed("two blocks of one index") }
            let number = try answer.beginCall(id: block.id ?? "", name: block.name ?? "")
            callAtIndex[index] = number
            // Empty, and in pieces afterwards; a server that sends calls whole puts them here.
            if let input = block.input?.object, !input.isEmpty {
                try answer.add(toCall: number, arguments: JSON.object(input).serialized)
            }
            return []
        default: return []
        }
    }

    private mutating func add(_ event: AnthropicEvent) throws(ChatFault) -> [ChatDelta] {
        switch event.delta?.type {
        case "text_delta": return try answer.text(event.delta?.text ?? "")
        case "input_json_delta":
            // Pieces of a server tool's block, which was passed over, belong to no call.
            if let number = event.index.flatMap({ callAtIndex[$0] }) {
                try answer.add(toCall: number, arguments: event.delta?.json ?? "")
            }
            return []
        default: return []
        }
    }

    /// Counts are cumulative, and what an event does not tell stays as it was. The vendor counts what its cache read and wrote
    /// beside the input.
    private mutating func count(_ newer: AnthropicEvent.Usage?) {
        guard let newer else { return }
        usage.input = newer.input ?? usage.input
        usage.output = newer.output ?? usage.output
        usage.cacheRead = newer.cacheRead ?? usage.cacheRead
        usage.cacheWritten = newer.cacheWritten ?? usage.cacheWritten
        let parts = [usage.input, usage.cacheRead, usage.cacheWritten].map { min(max(0, $0 ?? 0), Int(Int32.max)) }
        answer.usage = ChatUsage(
            inputTokens: parts.reduce(0, +),
            outputTokens: max(0, usage.output ?? 0),
            cachedTokens: parts[1]
        )
    }

    private static func reason(_ word: String) -> ChatFinish {
        switch word {
        case "max_tokens", "model_context_window_exceeded": .length
        case "tool_use": .tools
        case "refusal": .filtered
        default: .stop
        }
    }
}
