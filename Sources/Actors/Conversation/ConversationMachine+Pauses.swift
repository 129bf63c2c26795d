import Engine

/// What a pause of the caller is worth: words so far, how long to wait for more, an early answer.
extension ConversationMachine {
    struct Pausing: Sendable {
        var turn: Int
        /// The pipeline's number of it.
        var number: Int32
        var lastSpeech: MediaInstant
        var at: MediaInstant
        /// It was the turn's end.
        var hasEnded = false
        /// Everything the caller said up to it.
        var transcript: Transcript?
        var work: TurnTimeline.Work?
    }

    /// A turn whose provisional transcript was answered as if it were final.
    struct AnsweredTurn: Sendable {
        var turn: Int
        /// The provisional words.
        var text: String
        /// What the model was asked: with words that were carried over before them.
        var said: String
        var reply: Int32
    }

    mutating func callerPaused(_ turn: Int, _ pause: Int32, lastSpeech: MediaInstant, at: MediaInstant) {
        guard openTurn == turn else { return }
        pausing = Pausing(turn: turn, number: pause, lastSpeech: lastSpeech, at: at)
    }

    mutating func callerResumed() {
        pausing = nil
        endpointTurn = nil
    }

    mutating func provisional(
        _ transcript: Transcript,
        turn: Int,
        work: TurnTimeline.Work?,
        now: MediaInstant
    ) -> [ConversationOutput] {
        // The caller may still deny the word: it is not final.
        let alarm = spot(transcript.text, isFinal: false, heardAt: work?.handed ?? now, now: now)
        guard alarm.isEmpty, suspicion == nil else { return alarm }
        // Words of an earlier pause say nothing about this one.
        guard var pause = pausing, pause.turn == turn, openTurn == turn, work.map({ $0.handed >= pause.at }) ?? true
        else { return [] }
        pause.transcript = transcript
        pause.work = work
        pausing = pause
        if pause.hasEnded { return answerFromPause(turn, now: now) }
        let sentence = judged(transcript.text, turn: turn)
        return endpoint(of: pause, after: sentence)
            + (sentence == .unfinished ? [] : speculate(on: transcript, pause, now: now))
    }

    /// The recogniser itself takes the caller to have finished.
    mutating func endpoint(turn: Int) -> [ConversationOutput] {
        guard openTurn == turn else { return [] }
        endpointTurn = turn
        guard let pause = pausing, !pause.hasEnded, let text = pause.transcript?.text else { return [] }
        return endpoint(of: pause, after: judged(text, turn: turn))
    }

    private func judged(_ text: String, turn: Int) -> SentenceState {
        let whole = [carried, text].filter { !$0.isEmpty }.joined(separator: " ")
        return judge.judge(whole, answering: openQuestion, hasEndpoint: endpointTurn == turn)
    }

    private func endpoint(of pause: Pausing, after sentence: SentenceState) -> [ConversationOutput] {
        let silence = profile.turnTaking.endSilence(after: sentence)
        guard silence != profile.turnTaking.endSilence(after: .unknown) else { return [] }
        return [.command(.endpoint(pause: pause.number, silence: silence))]
    }

    /// Nothing but an answer can come of what the caller says now.
    var isPlainDialogue: Bool {
        canConverse && !isSettled && !isAskingConsent && current == nil && afterStop == nil && silenced == nil
            && menu == nil && suspicion == nil && transferTo == nil && openTurn != emergencyTurn
    }

    /// The turn ended in a pause whose words are known: the recogniser has heard everything, so nothing is waited for.
    mutating func answerFromPause(_ turn: Int, now: MediaInstant) -> [ConversationOutput] {
        guard var pause = pausing, pause.turn == turn else { return [] }
        pause.hasEnded = true
        pausing = pause
        guard let transcript = pause.transcript, isPlainDialogue, !transcript.text.isEmpty, !transcript.isRejected
        else { return [] }
        pausing = nil
        closeTurn()
        var timeline = timelines.removeValue(forKey: turn)
        timeline?.stt = pause.work
        let before = carried
        let outputs = understood(transcript, timeline: timeline, now: now)
        noteAnswered(turn, transcript.text, after: before)
        return outputs
    }

    /// A turn is being answered before its final transcript.
    mutating func noteAnswered(_ turn: Int, _ text: String, after carried: String) {
        let said = [carried, text].filter { !$0.isEmpty }.joined(separator: " ")
        answered = AnsweredTurn(turn: turn, text: text, said: said, reply: replies)
    }

    /// The final transcript of a turn that was answered without it: only what it has more counts.
    mutating func finalOfAnswered(
        _ transcript: Transcript,
        heardAt: MediaInstant,
        now: MediaInstant
    ) -> [ConversationOutput] {
        guard let known = answered else { return [] }
        answered = nil
        let alarm = spot(transcript.text, isFinal: true, heardAt: heardAt, now: now)
        guard alarm.isEmpty else { return alarm }
        let (before, after) = (SpokenWords.words(known.text), SpokenWords.words(transcript.text))
        guard after.count > before.count, known.turn != emergencyTurn else { return [] }
        var rest = transcript
        if after.starts(with: before) { rest.text = after[before.count...].joined(separator: " ") }
        guard !isSettled else { return overheard(rest) }
        if !carried.isEmpty, carried == known.said {
            // The caller began another turn already: its words come after these.
            carried = whole(known, transcript)
            return []
        }
        guard let reply = current, reply.spoken.number == known.reply, !reply.isAudible, history.last?.party == .caller
        else { return understood(rest, timeline: nil, now: now) }
        // Nothing was heard of the answer: the same turn is asked about again.
        history.removeLast()
        turns -= 1
        var corrected = transcript
        corrected.text = whole(known, transcript)
        var timeline = reply.timeline
        timeline?.llm = nil
        timeline?.firstToken = nil
        timeline?.tts = nil
        return stopAnd(.ask(.speech(corrected), timeline), now: now)
    }

    private func whole(_ known: AnsweredTurn, _ transcript: Transcript) -> String {
        String(known.said.dropLast(known.text.count)) + transcript.text
    }
}
