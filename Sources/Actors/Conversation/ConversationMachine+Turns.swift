import Engine

/// What the caller said, and what is done about it.
extension ConversationMachine {
    mutating func handle(_ event: TranscriptEvent, work: TurnTimeline.Work?, now: MediaInstant) -> [ConversationOutput]
    {
        switch event {
        case .partial(let text, let turn):
            if openTurn == turn, transcriptDue != nil {
                transcriptDue = now.advanced(by: ConversationTimes.transcript)
            }
            let alarm = spot(text, isFinal: false, heardAt: work?.handed ?? now, now: now)
            return alarm.isEmpty ? interruptByWords(text, turn: turn, now: now) : alarm
        case .final(let transcript, let turn):
            missingTranscripts = 0
            return final(transcript, turn: turn, work: work, now: now)
        case .provisional(let transcript, let turn):
            return provisional(transcript, turn: turn, work: work, now: now)
        case .endpoint(let turn):
            return endpoint(turn: turn)
        case .replaced(let replacement):
            return replaced(replacement, now: now)
        case .failed(let error):
            return [.publish(.legFailed(error))] + becomeDeaf(now: now)
        }
    }

    private mutating func final(
        _ transcript: Transcript,
        turn: Int,
        work: TurnTimeline.Work?,
        now: MediaInstant
    ) -> [ConversationOutput] {
        if answered?.turn == turn { return finalOfAnswered(transcript, heardAt: work?.handed ?? now, now: now) }
        if openTurn == turn { closeTurn() }
        if pausing?.turn == turn { pausing = nil }
        var timeline = timelines.removeValue(forKey: turn)
        timeline?.stt = work
        let alarm = spot(transcript.text, isFinal: true, heardAt: work?.handed ?? now, now: now)
        guard alarm.isEmpty else { return alarm }
        guard !isSettled, turn != emergencyTurn else { return overheard(transcript) }
        return understood(transcript, timeline: timeline, now: now)
    }

    mutating func closeTurn() {
        openTurn = nil
        transcriptDue = nil
    }

    /// What the caller says while nothing can be changed any more belongs to the record only.
    mutating func overheard(_ transcript: Transcript) -> [ConversationOutput] {
        guard !transcript.text.isEmpty else { return [] }
        history.append(DialogueMessage(party: .caller, text: transcript.text))
        return [.publish(.callerSaid(turn: turns, text: transcript.text, confidence: transcript.confidence))]
    }

    mutating func understood(
        _ transcript: Transcript,
        timeline: TurnTimeline?,
        now: MediaInstant
    ) -> [ConversationOutput] {
        var transcript = transcript
        guard !transcript.text.isEmpty else { return afterNothing(timeline: timeline, now: now) }
        if isAskingConsent { return consentAnswered(transcript, timeline: timeline, now: now) }
        transcript.text = [carried, transcript.text].filter { !$0.isEmpty }.joined(separator: " ")
        carried = ""
        interrupted = nil
        guard canConverse else { return withoutModel(transcript, now: now) }
        if current?.isAudible == true, !isAnswerAwaited,
            backchannel.matches(transcript.text) || !interruptingWords.isEnough(transcript.text)
        {
            return []
        }
        menu = nil
        return stopAnd(.ask(.speech(transcript), timeline), now: now)
    }

    /// Nobody is there to answer words: the keypad is.
    private mutating func withoutModel(_ transcript: Transcript, now: MediaInstant) -> [ConversationOutput] {
        let said = overheard(transcript)
        if menu != nil {
            if current == nil { awaitKey(now: now) }
            return said
        }
        return current == nil ? said + fallBack(saying: "", now: now) : said
    }

    /// A turn without words: go on with what it interrupted, answer what came before it, or ask again.
    mutating func afterNothing(timeline: TurnTimeline?, now: MediaInstant) -> [ConversationOutput] {
        if let (reply, heard) = interrupted, reply.isGenerated {
            interrupted = nil
            return resume(reply, from: heard, now: now)
        }
        interrupted = nil
        if current == nil { awaitKey(now: now) }
        guard canConverse else { return [] }
        if !carried.isEmpty {
            let transcript = Transcript(text: carried, provider: "carried")
            carried = ""
            return ask(.speech(transcript), timeline: timeline, now: now)
        }
        guard let timeline, current == nil, menu == nil, !isAskingConsent else { return [] }
        return ask(.notUnderstood, timeline: timeline, now: now)
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
            return outputs + override(with: lastResort(saying: phrases.longCall), now: now)
        }
        let turn = DialogueTurn(number: turns, cause: cause, history: history)
        if case .speech(let transcript) = cause {
            history.append(DialogueMessage(party: .caller, text: transcript.text))
        }
        if let announcement = triageIsOver(before: cause) { return outputs + override(with: announcement, now: now) }
        outputs += begin(timeline: timeline, now: now)
        if case .silence = cause { current?.isPrompt = true }
        outputs.append(.ask(turn, reply: replies))
        return outputs
    }

    // MARK: The model's answer

    mutating func handle(_ delta: DialogueDelta, reply: Int32, now: MediaInstant) -> [ConversationOutput] {
        guard let asked = current, asked.spoken.number == reply, !asked.isGenerated else { return [] }
        current?.lastDelta = now
        switch delta {
        case .text(let text):
            if current?.firstToken == nil { current?.firstToken = now }
            return speakNew(current?.splitter.push(text) ?? [], now: now)
        case .expect(let expectation):
            current?.expectation = expectation
        case .action(let action):
            current?.action = action
            if case .transfer(let number) = action {
                let brief = brief(for: number)
                current?.brief = brief
            }
        case .working:
            // What was said before the tool is whole, whatever it ends with.
            return speakNew(current?.splitter.finish() ?? [], now: now) + keepCompany()
        case .tool(let report):
            return [.publish(.tool(report))]
        case .replaced(let replacement):
            return replaced(replacement, now: now)
        case .intent(let name):
            return [.publish(.intent(name))] + understoodIntent(name, now: now)
        case .wish(let wish):
            lastWish = wish
        case .language(let tag):
            current?.splitter = PieceSplitter(language: tag)
            return [.language(tag, reply: reply)]
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
        guard let asked = current, asked.spoken.number == reply, !asked.isGenerated else { return [] }
        modelFailures = 0
        var outputs = speakNew(current?.splitter.finish() ?? [], now: now)
        outputs.append(.finishSpeech(reply: reply))
        current?.generatedAt = now
        openQuestion = asked.expectation
        if let expectation = asked.expectation { outputs.append(.expect(expectation)) }
        if current?.isAudible == true { outputs += publishSaid() }
        return outputs
    }

    mutating func publishSaid() -> [ConversationOutput] {
        guard let reply = current, reply.isGenerated, !reply.isPublished, !reply.spoken.text.isEmpty else { return [] }
        current?.isPublished = true
        return [.publish(.agentSaid(turn: turns, text: reply.spoken.text))]
    }
}
