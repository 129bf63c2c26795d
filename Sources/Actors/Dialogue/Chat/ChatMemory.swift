/// What a model is reminded of in its next request: the words that were heard, what tools found, and a summary of the rest.
///
/// The history itself belongs to the conversation and comes with every turn; here is only what it does not hold. A place in
/// it is the number of its entries before the turn.
struct ChatMemory: Sendable {
    /// One answer of the model that called tools, with a result for each call: never sent apart.
    struct Round: Sendable, Equatable {
        var position: Int
        var turn: Int
        /// What the model said before its calls. Only for the turn under way: afterwards the history knows what was heard.
        var text: String
        var calls: [ToolCall]
        /// One `ChatMessage.tool` for each call, in its order.
        var results: [ChatMessage]
        /// One of the calls changed something, or may have.
        var hasEffect: Bool
    }

    private(set) var summary = ""
    /// Entries of the history that the summary stands for.
    private(set) var covered = 0
    private var rounds: [Round] = []
    /// What happened without words, by place: a key, silence.
    private var notes: [Int: String] = [:]
    private let maximumRounds: Int
    private let redact: @Sendable (String) -> String

    init(maximumRounds: Int, redact: @escaping @Sendable (String) -> String) {
        self.maximumRounds = maximumRounds
        self.redact = redact
    }

    // MARK: Turns

    /// A turn begins, or comes again.
    ///
    /// What tools found for words that were taken back is forgotten, unless something was done.
    mutating func begin(_ turn: DialogueTurn) {
        let position = turn.history.count
        if position < covered {
            // No history of this call: nothing that is known about it fits.
            covered = 0
            summary = ""
        }
        rounds.removeAll {
            $0.position > position || $0.position == position && $0.turn != turn.number && !$0.hasEffect
        }
        for index in rounds.indices { rounds[index].text = "" }
        notes = notes.filter { $0.key <= position }
        if let note = Self.note(for: turn.cause) { notes[position] = note }
    }

    mutating func add(_ round: Round) {
        rounds.append(round)
        if rounds.count > maximumRounds { rounds.removeFirst(rounds.count - maximumRounds) }
    }

    static func note(for cause: DialogueTurn.Cause) -> String? {
        switch cause {
        case .speech: nil
        case .notUnderstood: "The caller spoke, but nothing could be understood."
        case .silence(let count):
            count == 1
                ? "The caller has said nothing for a while. Ask whether they are still there, or help them on."
                : "The caller has said nothing for a while, for the \(count). time in a row."
        case .digit(let key): "The caller pressed the key \(key)."
        case .emergency(let word): "The caller spoke of an emergency: \(word)."
        }
    }

    // MARK: Messages

    /// The conversation as the model gets it: begins with the caller, speakers alternate, results follow their calls.
    ///
    /// - Parameters:
    ///   - limit: estimated tokens; the oldest turns beyond it are left out, but never one of the newest `whole`.
    func messages(for turn: DialogueTurn, limit: Int, whole: Int) -> [ChatMessage] {
        let last = cut(of: turn.history, keeping: whole) ?? covered
        let starts = [covered] + turns(of: turn.history).filter { $0 > covered && $0 <= last }
        for start in starts {
            let all = messages(for: turn, from: start)
            if start == starts.last || Self.tokens(all) <= limit { return all }
        }
        return messages(for: turn, from: covered)
    }

    static func tokens(_ messages: [ChatMessage]) -> Int { messages.reduce(0) { $0 + ChatText.tokens($1) } }

    private func messages(for turn: DialogueTurn, from start: Int) -> [ChatMessage] {
        var list = MessageList()
        for position in start..<turn.history.count {
            let entry = turn.history[position]
            if let note = notes[position] { list.note(note) }
            if entry.party == .caller { list.caller(redact(ChatText.spoken(entry.text))) }
            add(at: position, to: &list)
            if entry.party == .agent { list.agent(redact(entry.text), wasInterrupted: entry.wasInterrupted) }
        }
        if let note = notes[turn.history.count] { list.note(note) }
        if case .speech(let transcript) = turn.cause { list.caller(redact(ChatText.spoken(transcript.text))) }
        add(at: turn.history.count, to: &list)
        if !turn.said.isEmpty {
            list.agent(redact(turn.said), wasInterrupted: false)
            list.note(ChatText.wasCutOff)
        }
        return list.messages
    }

    private func add(at position: Int, to list: inout MessageList) {
        for round in rounds where round.position == position { list.round(round) }
    }

    // MARK: Forgetting

    /// Where the turns begin: with the caller's words.
    private func turns(of history: [DialogueMessage]) -> [Int] {
        history.indices.filter { history[$0].party == .caller }
    }

    /// The place before which nothing is needed word for word; nil while there are no more turns than that.
    private func cut(of history: [DialogueMessage], keeping whole: Int) -> Int? {
        let starts = turns(of: history)
        let whole = max(1, whole)
        return starts.count > whole ? starts[starts.count - whole] : nil
    }

    /// What is to be summarised once the turn is answered; nil while everything fits `budget`.
    func summaryNeeded(after turn: DialogueTurn, budget: Int, whole: Int) -> SummaryTask? {
        guard let cut = cut(of: turn.history, keeping: whole), cut > covered,
            Self.tokens(messages(for: turn, from: covered)) > budget
        else { return nil }
        var list = MessageList()
        for position in covered..<cut {
            let entry = turn.history[position]
            if let note = notes[position] { list.note(note) }
            if entry.party == .caller { list.caller(redact(ChatText.spoken(entry.text))) }
            add(at: position, to: &list)
            if entry.party == .agent { list.agent(redact(entry.text), wasInterrupted: entry.wasInterrupted) }
        }
        return SummaryTask(from: covered, to: cut, earlier: summary, messages: list.messages)
    }

    /// Takes a summary in; one that comes too late, for a memory that has moved on, is dropped.
    mutating func take(_ text: String, for task: SummaryTask) {
        guard covered == task.from, !text.isEmpty else { return }
        summary = text
        covered = task.to
        rounds.removeAll { $0.position < covered }
        notes = notes.filter { $0.key >= covered }
    }
}

/// Messages in the order every vendor takes: the caller first, then in turn.
private struct MessageList {
    private(set) var messages: [ChatMessage] = []
    private var wasInterrupted = false

    mutating func note(_ text: String) { user(ChatText.note(text)) }

    mutating func caller(_ text: String) { user(text) }

    mutating func agent(_ text: String, wasInterrupted: Bool) {
        if messages.isEmpty { note("The call begins.") }
        self.wasInterrupted = wasInterrupted
        if case .assistant(let before, let calls) = messages.last, calls.isEmpty {
            messages[messages.count - 1] = .assistant(before + " " + text, calls: [])
        } else {
            messages.append(.assistant(text, calls: []))
        }
    }

    mutating func round(_ round: ChatMemory.Round) {
        if messages.isEmpty { note("The call begins.") }
        messages.append(.assistant(round.text, calls: round.calls))
        messages += round.results
    }

    private mutating func user(_ text: String) {
        var text = text
        if wasInterrupted {
            wasInterrupted = false
            text = ChatText.note("The caller interrupted you and heard your last answer only up to there.") + " " + text
        }
        if case .user(let before) = messages.last {
            messages[messages.count - 1] = .user(before + "\n" + text)
        } else {
            messages.append(.user(text))
        }
    }
}
