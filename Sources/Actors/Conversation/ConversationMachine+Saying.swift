import Engine

/// How the agent says something, stops, and goes on.
extension ConversationMachine {
    /// Stops the agent if it speaks, then does `next`; what the caller had heard is known before the model is asked.
    mutating func stopAnd(_ next: AfterStop, now: MediaInstant) -> [ConversationOutput] {
        wordsStopSince = nil
        guard let reply = current else { return perform(next, now: now) }
        guard reply.isAudible else {
            current = nil
            return [.cancel(through: reply.spoken.number), .command(.stopSpeaking)] + perform(next, now: now)
        }
        afterStop = next
        return [.cancel(through: reply.spoken.number), .command(.stopSpeaking)]
    }

    /// Says something at once, whatever was being said, thought or planned.
    mutating func override(with announcement: Announcement, now: MediaInstant) -> [ConversationOutput] {
        afterStop = nil
        interrupted = nil
        wordsStopSince = nil
        return stopSpeaking() + say(announcement, now: now)
    }

    mutating func stopped(heard: HeardPosition, now: MediaInstant) -> [ConversationOutput] {
        if let reply = silenced {
            silenced = nil
            remember(reply, heard: heard)
            return []
        }
        if let since = wordsStopSince {
            wordsStopSince = nil
            return interrupted(heard: heard, detect: since.duration(to: now), now: now)
        }
        if afterStop != nil, let reply = current, reply.isAudible {
            current = nil
            remember(reply, heard: heard)
        }
        guard let next = afterStop else { return [] }
        afterStop = nil
        return perform(next, now: now)
    }

    private mutating func remember(_ reply: Reply, heard: HeardPosition) {
        if let message = reply.spoken.message(at: heard, isModelled: line.marksAreModelled) { history.append(message) }
    }

    private mutating func stopSpeaking() -> [ConversationOutput] {
        guard let reply = current else { return [] }
        current = nil
        if reply.isAudible { silenced = reply }
        return [.cancel(through: reply.spoken.number), .command(.stopSpeaking)]
    }

    private mutating func perform(_ next: AfterStop, now: MediaInstant) -> [ConversationOutput] {
        switch next {
        case .ask(let cause, let timeline): ask(cause, timeline: timeline, now: now)
        case .say(let announcement): say(announcement, now: now)
        }
    }

    /// Says something that no model decides.
    mutating func say(_ announcement: Announcement, now: MediaInstant) -> [ConversationOutput] {
        let pieces = PieceSplitter.pieces(of: announcement.text, language: profile.language)
        if announcement.purpose != .menu { menu = nil }
        openQuestion = announcement.expect
        if pieces.isEmpty, let action = announcement.action {
            return act(action, brief: announcement.brief, isPrompt: false, now: now)
        }
        var outputs = protection(for: announcement, now: now) + begin(timeline: nil, now: now)
        current?.generatedAt = now
        current?.action = announcement.action
        current?.brief = announcement.brief
        current?.isBinding = announcement.isBinding
        current?.purpose = announcement.purpose
        current?.expectation = announcement.expect
        outputs += speak(pieces)
        outputs.append(.finishSpeech(reply: replies))
        if let expect = announcement.expect { outputs.append(.expect(expect)) }
        return outputs
    }

    /// What must be heard to its end is not interrupted; keys still reach the menu of a caller who cannot be heard.
    private func protection(for announcement: Announcement, now: MediaInstant) -> [ConversationOutput] {
        guard announcement.isBinding || announcement.purpose == .consent || isDeaf else { return [] }
        return [.command(.protect(until: now.advanced(by: ConversationTimes.protection)))]
    }

    /// A new reply; what was announced before is void.
    mutating func begin(timeline: TurnTimeline?, now: MediaInstant) -> [ConversationOutput] {
        replies += 1
        current = Reply(
            spoken: SpokenReply(number: replies),
            splitter: PieceSplitter(language: profile.language),
            timeline: timeline,
            turn: turns,
            asked: now,
            lastDelta: now
        )
        return [.command(.beginReply(replies))]
    }

    mutating func speak(_ pieces: [String]) -> [ConversationOutput] {
        var outputs: [ConversationOutput] = []
        for text in pieces {
            guard let number = current?.spoken.number, let index = current?.spoken.pieces.count else { break }
            current?.spoken.pieces.append(SpokenReply.Piece(text: text))
            outputs.append(.speak(text, reply: number, piece: index))
        }
        return outputs
    }

    /// A noise stopped the agent: it goes on at the next unheard word.
    mutating func resume(_ reply: Reply, from heard: HeardPosition, now: MediaInstant) -> [ConversationOutput] {
        let rest = reply.spoken.unheard(at: heard)
        if history.last?.wasInterrupted == true { history.removeLast() }
        var outputs = begin(timeline: nil, now: now)
        current?.spoken.prefix = reply.spoken.heard(at: heard)
        current?.expectation = reply.expectation
        current?.action = reply.action
        current?.brief = reply.brief
        current?.purpose = reply.purpose
        current?.isPublished = true
        current?.generatedAt = now
        outputs += speak(rest)
        outputs.append(.publish(.resumed(turn: turns)))
        outputs.append(.finishSpeech(reply: replies))
        return outputs
    }
}
