import Engine

/// What the caller said, and what is done about it.
extension ConversationMachine {
    mutating func handle(_ event: TranscriptEvent, work: TurnTimeline.Work?, now: MediaInstant) -> [ConversationOutput]
    {
        switch event {
        case .partial(let text, _):
            return spot(text, now: now)
        case .final(let transcript, let turn):
            if openTurn == turn { openTurn = nil }
            var timeline = timelines.removeValue(forKey: turn)
            timeline?.stt = work
            let alarm = spot(transcript.text, now: now)
            if !alarm.isEmpty { return alarm }
            return understood(transcript, timeline: timeline, now: now)
        case .failed(let error):
            // The keypad and a person remain; without ears the agent says so once and hands over.
            return [.publish(.legFailed(error))] + handOver(after: "I am having trouble hearing you.", now: now)
        }
    }

    private mutating func understood(
        _ transcript: Transcript,
        timeline: TurnTimeline?,
        now: MediaInstant
    ) -> [ConversationOutput] {
        var transcript = transcript
        guard !transcript.text.isEmpty else { return afterNothing(timeline: timeline, now: now) }
        transcript.text = [carried, transcript.text].filter { !$0.isEmpty }.joined(separator: " ")
        carried = ""
        interrupted = nil
        if current?.isAudible == true, current?.expectation != .yesNo, Backchannel.matches(transcript.text) {
            return []
        }
        return stopAnd(.ask(.speech(transcript), timeline), now: now)
    }

    /// A turn without words: go on with what it interrupted, answer what came before it, or ask again.
    mutating func afterNothing(timeline: TurnTimeline?, now: MediaInstant) -> [ConversationOutput] {
        if let (reply, heard) = interrupted, reply.isGenerated {
            interrupted = nil
            return resume(reply, from: heard, now: now)
        }
        interrupted = nil
        if !carried.isEmpty {
            let transcript = Transcript(text: carried, provider: "carried")
            carried = ""
            return ask(.speech(transcript), timeline: timeline, now: now)
        }
        guard let timeline, current == nil else { return [] }
        return ask(.notUnderstood, timeline: timeline, now: now)
    }

    /// A noise stopped the agent: it goes on at the next unheard word.
    private mutating func resume(_ reply: Reply, from heard: HeardPosition, now: MediaInstant) -> [ConversationOutput] {
        let rest = reply.spoken.unheard(at: heard)
        if history.last?.wasInterrupted == true { history.removeLast() }
        var outputs = begin(timeline: nil, now: now)
        current?.spoken.prefix = reply.spoken.heard(at: heard)
        current?.expectation = reply.expectation
        current?.action = reply.action
        current?.isPublished = true
        current?.isGenerated = true
        outputs += speak(rest)
        outputs.append(.publish(.resumed(turn: turns)))
        outputs.append(.finishSpeech(reply: replies))
        return outputs
    }

    // MARK: The emergency path: no model takes part

    private mutating func spot(_ text: String, now: MediaInstant) -> [ConversationOutput] {
        guard !emergencyHandled, spotter.spot(text) != nil else { return [] }
        emergencyHandled = true
        openTurn = nil
        carried = ""
        interrupted = nil
        return [.publish(.intent("emergency"))] + stopAnd(.emergency, now: now)
    }

    // MARK: Asking and saying

    /// Stops the agent if it speaks, then does `next`; what the caller had heard is known before the model is asked.
    mutating func stopAnd(_ next: AfterStop, now: MediaInstant) -> [ConversationOutput] {
        guard let reply = current else { return perform(next, now: now) }
        guard reply.isAudible else {
            current = nil
            return [.cancel(through: reply.spoken.number), .command(.stopSpeaking)] + perform(next, now: now)
        }
        afterStop = next
        return [.cancel(through: reply.spoken.number), .command(.stopSpeaking)]
    }

    mutating func stopped(heard: HeardPosition, now: MediaInstant) -> [ConversationOutput] {
        if let reply = current, reply.isAudible {
            current = nil
            let words = reply.spoken.heard(at: heard)
            if !words.isEmpty { history.append(DialogueMessage(party: .agent, text: words, wasInterrupted: true)) }
        }
        guard let next = afterStop else { return [] }
        afterStop = nil
        return perform(next, now: now)
    }

    mutating func stopSpeaking() -> [ConversationOutput] {
        guard let reply = current else { return [] }
        current = nil
        return [.cancel(through: reply.spoken.number), .command(.stopSpeaking)]
    }

    private mutating func perform(_ next: AfterStop, now: MediaInstant) -> [ConversationOutput] {
        switch next {
        case .ask(let cause, let timeline):
            return ask(cause, timeline: timeline, now: now)
        case .emergency:
            let action = profile.transfer.map { CallAction.transfer(to: $0.number) }
            return say(profile.emergency.say, action: action, now: now)
        }
    }

    mutating func ask(
        _ cause: DialogueTurn.Cause,
        timeline: TurnTimeline?,
        now: MediaInstant
    ) -> [ConversationOutput] {
        var outputs: [ConversationOutput] = []
        if timeline != nil { turns += 1 }
        if case .speech(let transcript) = cause {
            outputs.append(
                .publish(.callerSaid(turn: turns, text: transcript.text, confidence: transcript.confidence))
            )
        }
        if turns > profile.turnTaking.maximumTurns {
            return outputs + handOver(after: "We have talked for a long time.", now: now)
        }
        let turn = DialogueTurn(number: turns, cause: cause, history: history)
        if case .speech(let transcript) = cause {
            history.append(DialogueMessage(party: .caller, text: transcript.text))
        }
        outputs += begin(timeline: timeline, now: now)
        if case .silence = cause { current?.isPrompt = true }
        outputs.append(.ask(turn, reply: replies))
        return outputs
    }

    /// Says something that no model decides.
    mutating func say(
        _ text: String,
        expect: Expectation? = nil,
        action: CallAction? = nil,
        now: MediaInstant
    ) -> [ConversationOutput] {
        var outputs = begin(timeline: nil, now: now)
        current?.isGenerated = true
        current?.action = action
        outputs += speak(PieceSplitter.pieces(of: text))
        outputs.append(.finishSpeech(reply: replies))
        if let expect { outputs.append(.expect(expect)) }
        return outputs
    }

    /// Gives the caller to a person, or ends the call politely where the tenant has none.
    private mutating func handOver(after reason: String, now: MediaInstant) -> [ConversationOutput] {
        let stop = stopSpeaking()
        guard let transfer = profile.transfer else {
            return stop + say("\(reason) \(profile.goodbye)", action: .hangUp, now: now)
        }
        return stop + say("\(reason) \(transfer.say)", action: .transfer(to: transfer.number), now: now)
    }

    /// A new reply; what was announced before is void.
    private mutating func begin(timeline: TurnTimeline?, now: MediaInstant) -> [ConversationOutput] {
        replies += 1
        current = Reply(spoken: SpokenReply(number: replies), timeline: timeline, turn: turns, asked: now)
        return [.command(.beginReply(replies))]
    }

    private mutating func speak(_ pieces: [String]) -> [ConversationOutput] {
        var outputs: [ConversationOutput] = []
        for text in pieces {
            guard let number = current?.spoken.number, let index = current?.spoken.pieces.count else { break }
            current?.spoken.pieces.append(SpokenReply.Piece(text: text))
            outputs.append(.speak(text, reply: number, piece: index))
        }
        return outputs
    }

    // MARK: The model's answer

    mutating func handle(_ delta: DialogueDelta, reply: Int32, now: MediaInstant) -> [ConversationOutput] {
        guard current?.spoken.number == reply else { return [] }
        switch delta {
        case .text(let text):
            if current?.firstToken == nil { current?.firstToken = now }
            return speakNew(current?.splitter.push(text) ?? [], now: now)
        case .expect(let expectation):
            current?.expectation = expectation
        case .action(let action):
            current?.action = action
        case .intent(let name):
            return [.publish(.intent(name))]
        }
        return []
    }

    private mutating func speakNew(_ pieces: [String], now: MediaInstant) -> [ConversationOutput] {
        if !pieces.isEmpty, let reply = current, reply.timeline?.llm == nil {
            current?.timeline?.llm = TurnTimeline.Work(handed: reply.asked, done: now)
            current?.timeline?.firstToken = reply.firstToken
        }
        return speak(pieces)
    }

    mutating func generated(reply: Int32, now: MediaInstant) -> [ConversationOutput] {
        guard current?.spoken.number == reply else { return [] }
        modelFailures = 0
        var outputs = speakNew(current?.splitter.finish() ?? [], now: now)
        outputs.append(.finishSpeech(reply: reply))
        current?.isGenerated = true
        if let expectation = current?.expectation { outputs.append(.expect(expectation)) }
        if current?.isAudible == true { outputs += publishSaid() }
        return outputs
    }

    mutating func publishSaid() -> [ConversationOutput] {
        guard let reply = current, reply.isGenerated, !reply.isPublished, !reply.spoken.text.isEmpty else { return [] }
        current?.isPublished = true
        return [.publish(.agentSaid(turn: turns, text: reply.spoken.text))]
    }

    mutating func modelFailed(reply: Int32, error: LegError, now: MediaInstant) -> [ConversationOutput] {
        let report: [ConversationOutput] = [.publish(.legFailed(error))]
        guard current?.spoken.number == reply else { return report }
        modelFailures += 1
        guard modelFailures < 2 else { return report + handOver(after: "I am sorry, something went wrong.", now: now) }
        return report + stopSpeaking()
            + say("I am sorry, could you say that once more?", expect: .intents, now: now)
    }
}
