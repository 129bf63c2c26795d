import Engine

/// What the call reports.
extension ConversationMachine {
    mutating func handle(_ event: CallEvent, now: MediaInstant) -> [ConversationOutput] {
        switch event {
        case .callerStarted(let turn, let onset):
            turnOnset = onset
            return callerStarted(Int(turn))
        case .callerPaused(let turn, let pause, let lastSpeech, let at):
            callerPaused(Int(turn), pause, lastSpeech: lastSpeech, at: at)
            return []
        case .callerResumed:
            callerResumed()
            return []
        case .callerEnded(let turn, let lastSpeech, let at):
            return callerEnded(Int(turn), TurnTimeline(lastSpeech: lastSpeech, decided: at), now: now)
        case .callerDropped(let turn, _):
            if openTurn == Int(turn) { openTurn = nil }
            pausing = nil
            return afterNothing(timeline: nil, now: now)
        case .bargeIn(let onset, let at, let heard):
            return interrupted(heard: heard, detect: onset.duration(to: at), now: now)
        case .stopped(_, let heard):
            return stopped(heard: heard, now: now)
        case .replyAudible(let reply, let at):
            return audible(reply: reply, at: at)
        case .replyPlayed(let reply, _):
            return played(reply: reply, now: now)
        case .digit(let digit, _):
            return pressed(Character(UnicodeScalar(digit)), now: now)
        case .idle(let count, _):
            guard current == nil, openTurn == nil, menu == nil, consentUntil == nil else { return [] }
            guard canConverse else { return fallBack(saying: "", now: now) }
            return ask(.silence(count: Int(count)), timeline: nil, now: now)
        case .timeUp:
            return override(with: Announcement(text: profile.goodbye, action: .hangUp), now: now)
        case .ended(let reason, let at):
            return end(reason, at: at)
        }
    }

    /// How the call goes on is decided: only what brings it there counts.
    mutating func handleSettled(_ event: CallEvent, now: MediaInstant) -> [ConversationOutput] {
        switch event {
        case .bargeIn(_, _, let heard):
            // The words were stopped in spite of their protection: what they announce is done now.
            guard let reply = current, reply.isAudible, heard.reply == reply.spoken.number, let action = reply.action
            else {
                return stopped(heard: heard, now: now)
            }
            current = nil
            return act(action, brief: reply.brief, isPrompt: false, now: now)
        case .stopped(_, let heard):
            return stopped(heard: heard, now: now)
        case .replyAudible(let reply, let at):
            return audible(reply: reply, at: at)
        case .replyPlayed(let reply, _):
            return played(reply: reply, now: now)
        case .ended(let reason, let at):
            return end(reason, at: at)
        case .callerStarted, .callerPaused, .callerResumed, .callerEnded, .callerDropped, .digit, .idle, .timeUp:
            return []
        }
    }

    private mutating func callerStarted(_ turn: Int) -> [ConversationOutput] {
        fillerAt = nil
        transcriptDue = nil
        pausing = nil
        endpointTurn = nil
        let outputs = endFiller()
        // Without a recogniser no transcript would ever close the turn.
        guard !isDeaf else { return outputs }
        openTurn = turn
        return outputs + callerGoesOn()
    }

    private mutating func callerEnded(_ turn: Int, _ timeline: TurnTimeline, now: MediaInstant) -> [ConversationOutput]
    {
        guard !isDeaf else { return [] }
        timelines[turn] = timeline
        if openTurn == turn { transcriptDue = now.advanced(by: ConversationTimes.transcript) }
        planFiller(after: timeline.lastSpeech)
        return answerFromPause(turn, now: now)
    }

    /// The caller speaks again before the answer began: it was one turn after all.
    private mutating func callerGoesOn() -> [ConversationOutput] {
        guard let reply = current, !reply.isAudible, reply.timeline != nil else { return [] }
        current = nil
        if history.last?.party == .caller { carried = history.removeLast().text }
        return [.cancel(through: reply.spoken.number), .command(.stopSpeaking)]
    }

    mutating func interrupted(
        heard: HeardPosition,
        detect: Duration,
        now: MediaInstant
    ) -> [ConversationOutput] {
        guard let reply = current else { return [] }
        current = nil
        interruptions += 1
        interrupted = (reply, heard)
        if reply.purpose == .menu { awaitKey(now: now) }
        let message = reply.spoken.message(at: heard, isModelled: line.marksAreModelled)
        if let message { history.append(message) }
        let words = message?.text ?? ""
        return [
            .cancel(through: reply.spoken.number),
            .publish(
                .interrupted(turn: turns, heard: words, detect: detect, isEstimated: message?.isEstimated ?? false)
            ),
        ]
    }

    private mutating func audible(reply: Int32, at: MediaInstant) -> [ConversationOutput] {
        guard current?.spoken.number == reply, current?.isAudible == false else { return [] }
        current?.isAudible = true
        fillerAt = nil
        isFillerOn = false
        var outputs = publishSaid()
        if let timeline = current?.timeline {
            outputs.append(.publish(.turn(number: turns, stages: timeline.stages(firstFrame: at))))
        }
        return outputs
    }

    private mutating func played(reply: Int32, now: MediaInstant) -> [ConversationOutput] {
        guard let finished = current, finished.spoken.number == reply, finished.isGenerated else { return [] }
        current = nil
        let text = finished.spoken.text
        if !text.isEmpty { history.append(DialogueMessage(party: .agent, text: text)) }
        guard let action = finished.action else { return heard(finished.purpose, now: now) }
        return act(action, brief: finished.brief, isPrompt: finished.isPrompt, now: now)
    }

    /// Words that end with a wait were heard to their end.
    private mutating func heard(_ purpose: Reply.Purpose, now: MediaInstant) -> [ConversationOutput] {
        switch purpose {
        case .dialogue: return []
        case .consent: return consentHeard(now: now)
        case .menu:
            awaitKey(now: now)
            return []
        }
    }

    private mutating func end(_ reason: EndReason, at: MediaInstant) -> [ConversationOutput] {
        hasEnded = true
        // The provider moved the call while the caller waited for it.
        let isMoved = handingOverUntil != nil && (reason == .providerStopped || reason == .connectionLost)
        let outcome = CallOutcome(
            reason: isMoved ? .transferred : reason,
            turns: turns,
            interruptions: interruptions,
            duration: MediaInstant.zero.duration(to: at),
            transferTo: transferTo,
            transferBrief: transferBrief
        )
        return [.cancel(through: replies), .publish(.ended(outcome))]
    }
}
