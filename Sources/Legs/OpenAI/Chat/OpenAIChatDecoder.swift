import Actors

/// A chat completions stream: chunks in, the answer's pieces out.
///
/// Forgiving where servers differ: calls without ids or indices, whole calls in one chunk, a reason of `stop` behind calls,
/// usage on any chunk, no `[DONE]` behind a reason.
package struct OpenAIChatDecoder: ChatDecoder {
    private var answer: ChatAnswer
    private let nonce: String
    /// The newest call of each index.
    private var callAtIndex: [Int: Int] = [:]
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
        if data.allSatisfy(\.isWhitespace) { return [] }
        if data.trimmingPrefix(while: \.isWhitespace).hasPrefix("[DONE]") { return try finish(reason ?? .stop) }
        let chunk = try EventJSON.decode(OpenAIChatChunk.self, data)
        if let error = chunk.vendorError { throw .vendor(error) }
        if let usage = chunk.usage { answer.usage = usage.counted }
        // Only one answer was asked for; what comes behind its reason is not part of it.
        guard reason == nil, let choice = chunk.choices?.first(where: { $0.index ?? 0 == 0 }) else { return [] }
        let deltas = try choice.delta?.content.map { content throws(ChatFault) in try answer.text(content) } ?? []
        for call in choice.delta?.calls ?? [] { try take(call) }
        reason = choice.finish.flatMap(Self.reason)
        return deltas
    }

    package mutating func end() throws(ChatFault) -> [ChatDelta] {
        if isFinished { return [] }
        guard let reason else { throw .cut }
        return try finish(reason)
    }

    private mutating func finish(_ reason: ChatFinish) throws(ChatFault) -> [ChatDelta] {
        isFinished = true
        return try answer.finish(reason) { "call_\(nonce)_\($0)" }
    }

    private mutating func take(_ piece: OpenAIChatChunk.Call) throws(ChatFault) {
        let index = piece.index ?? latestIndex
        let id = piece.id ?? ""
        let name = piece.function?.name ?? ""
        let arguments =
            switch piece.function?.arguments {
            case .text(let text): text
            case .some(let value) where value != .null: value.serialized
            default: ""
            }
        if let number = callAtIndex[index], !begins(id: id, name: name, after: number, hasIndex: piece.index != nil) {
            try answer.add(toCall: number, id: id, name: name, arguments: arguments)
        } else {
            let number = try answer.beginCall(id: id, name: name)
            callAtIndex[piece.index ?? number] = number
            try answer.add(toCall: number, arguments: arguments)
        }
    }

    private var latestIndex: Int { callAtIndex.max { $0.value < $1.value }?.key ?? 0 }

    /// Whether a piece at a known index is nevertheless another call: servers that send whole calls give each its own id and
    /// name, and sometimes the same index or none.
    private func begins(id: String, name: String, after number: Int, hasIndex: Bool) -> Bool {
        guard !name.isEmpty, !answer.name(ofCall: number).isEmpty else { return false }
        let known = answer.id(ofCall: number)
        return id.isEmpty || known.isEmpty ? !hasIndex : id != known
    }

    private static func reason(_ word: String) -> ChatFinish? {
        switch word {
        case "": nil
        case "length": .length
        case "tool_calls", "function_call": .tools
        case "content_filter": .filtered
        default: .stop
        }
    }
}
