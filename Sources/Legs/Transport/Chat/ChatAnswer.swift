import Actors

/// An answer as its pieces come: counts what it takes, joins what belongs together, and says at its end what it was.
package struct ChatAnswer: Sendable {
    private struct Call: Sendable {
        var id: String
        var name: String
        var arguments: String
    }

    private let limits: ChatLimits
    /// A tool's result was answered: the model may have nothing to add.
    private let mayBeEmpty: Bool
    /// Taken so far.
    package private(set) var bytes = 0
    private var isSaying = false
    private var calls: [Call] = []
    package var usage: ChatUsage?

    package init(limits: ChatLimits, mayBeEmpty: Bool) {
        self.limits = limits
        self.mayBeEmpty = mayBeEmpty
    }

    /// A piece of text for the caller's ear. Half a character, which a server's cutting of tokens leaves behind as U+FFFD, is
    /// left out.
    package mutating func text(_ piece: String) throws(ChatFault) -> [ChatDelta] {
        try take(piece.utf8.count)
        var whole = piece
        if piece.unicodeScalars.contains("\u{FFFD}") { whole.unicodeScalars.removeAll { $0 == "\u{FFFD}" } }
        guard !whole.isEmpty else { return [] }
        isSaying = isSaying || whole.contains { !$0.isWhitespace }
        return [.text(whole)]
    }

    package var callCount: Int { calls.count }

    /// - Returns: by which the call is named to `add`.
    package mutating func beginCall(id: String, name: String) throws(ChatFault) -> Int {
        guard calls.count < limits.calls else { throw .tooManyCalls(limits.calls) }
        try take(id.utf8.count + name.utf8.count)
        calls.append(Call(id: id, name: name, arguments: ""))
        return calls.count - 1
    }

    package func name(ofCall number: Int) -> String { calls[number].name }
    package func id(ofCall number: Int) -> String { calls[number].id }

    /// What comes of a call after its beginning; an id and a name only where none came before.
    package mutating func add(
        toCall number: Int,
        id: String = "",
        name: String = "",
        arguments: String = ""
    ) throws(ChatFault) {
        try take(id.utf8.count + name.utf8.count + arguments.utf8.count)
        if calls[number].id.isEmpty { calls[number].id = id }
        if calls[number].name.isEmpty { calls[number].name = name }
        calls[number].arguments += arguments
    }

    /// - Parameter madeUpID: for a call that came without an id.
    /// - Returns: whole calls, the usage where it is known, and `.finished`.
    package func finish(_ reason: ChatFinish, madeUpID: (Int) -> String) throws(ChatFault) -> [ChatDelta] {
        var deltas: [ChatDelta] = []
        var finish = reason
        // Calls of an answer that was cut short may be cut short too.
        if reason == .stop || reason == .tools {
            // Servers differ in what they call the end of an answer with calls.
            finish = calls.isEmpty ? .stop : .tools
            for (number, call) in calls.enumerated() {
                guard !call.name.isEmpty else { throw .malformed("a tool call without a name") }
                deltas.append(
                    .call(
                        ToolCall(
                            id: call.id.isEmpty ? madeUpID(number) : call.id,
                            name: call.name,
                            arguments: call.arguments.isEmpty ? "{}" : call.arguments
                        )
                    )
                )
            }
        }
        if deltas.isEmpty, !isSaying, !mayBeEmpty, finish != .filtered { throw .empty(finish) }
        if let usage { deltas.append(.usage(usage)) }
        return deltas + [.finished(finish)]
    }

    private mutating func take(_ count: Int) throws(ChatFault) {
        bytes += count
        guard bytes <= limits.answerBytes else { throw .tooLong(limits.answerBytes) }
    }
}
