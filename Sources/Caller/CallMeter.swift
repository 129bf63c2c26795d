/// Takes the times of one call from the frames that went out and the frames that were played. Pure value.
package struct CallMeter: Sendable {
    package private(set) var greetingMs: Double?
    package private(set) var turns: [CallReport.Turn] = []
    package private(set) var playout = CallReport.Playout()
    package init() {}

    private var gaps = PlayoutGaps()
    private var leads: [Double] = []

    private var agentSpokeSince: Double?
    private var agentLastAudible: Double?

    /// Silence after which the agent's next sound is a new start of speech.
    private static let restMs = 200.0

    package mutating func received(mediaBytes: Int, waitingBytes: Int) {
        playout.mediaMessages += 1
        playout.mediaBytes += mediaBytes
        leads.append(Double(waitingBytes) / Double(PhoneFrame.bytesPerMillisecond))
    }

    package mutating func received(clear: PlayoutBuffer.Cleared, now: Double) {
        playout.clears += 1
        playout.flushedMs += clear.unplayedMilliseconds
        playout.marksCleared += clear.marks.count
        gaps.disarm()
        guard let last = turns.indices.last, let first = turns[last].firstSpeechMs, let open = turns[last].interruption,
            open.clearMs == nil, open.silentMs == nil
        else { return }
        turns[last].interruption?.clearMs = now - first
    }

    /// A frame was played at the phone.
    ///
    /// - Parameter waiting: whether more audio was queued behind it.
    package mutating func played(_ frame: PlayoutBuffer.Played, audible: Bool, waiting: Bool, now: Double) {
        playout.playedMs += Double(frame.queuedBytes) / Double(PhoneFrame.bytesPerMillisecond)
        playout.marksPlayed += frame.marks.count
        gaps.tick(queuedBytes: frame.queuedBytes, audible: audible)
        let rested = agentLastAudible.map { now - $0 > Self.restMs } ?? true
        if audible {
            if rested { agentBegan(arrivedAt: frame.arrivedAt, now: now) }
            agentLastAudible = now
        } else if rested, !waiting {
            agentRested()
        }
    }

    package mutating func returnedAtOnce() { playout.marksPlayed += 1 }

    package mutating func began(utterance: String, now: Double) {
        turns.append(CallReport.Turn(turn: turns.count + 1, utterance: utterance, startedMs: now))
    }

    /// A frame of the caller with speech went out.
    package mutating func spoke(first: Bool, last: Bool, waiting: Bool, now: Double) {
        guard let index = turns.indices.last else { return }
        if first {
            turns[index].firstSpeechMs = now
            let sounding = agentLastAudible.map { now - $0 <= Self.restMs } ?? false
            if sounding || waiting, let since = agentSpokeSince {
                turns[index].interruption = CallReport.Interruption(agentHadSpokenMs: now - since)
            }
            gaps.disarm()
        }
        if last { turns[index].lastSpeechMs = now }
    }

    /// The figures at the end of the call.
    package func finished() -> CallReport.Playout {
        var result = playout
        result.gaps20 = gaps.over20
        result.gaps60 = gaps.over60
        result.longestGapMs = gaps.longestMs
        result.lead = Distribution(leads)
        return result
    }

    private mutating func agentBegan(arrivedAt: Double?, now: Double) {
        if greetingMs == nil { greetingMs = now }
        guard let index = turns.indices.last, turns[index].firstSpeechMs != nil else {
            agentSpokeSince = agentSpokeSince ?? now
            return
        }
        if let lastSpeech = turns[index].lastSpeechMs {
            guard turns[index].responseMs == nil else { return }
            turns[index].answerAudibleMs = now
            turns[index].answerArrivedMs = arrivedAt
            turns[index].responseMs = now - lastSpeech
            agentSpokeSince = now
        } else {
            if turns[index].interruption == nil || turns[index].interruption?.silentMs != nil {
                turns[index].answeredEarly = true
            }
            agentSpokeSince = now
        }
    }

    private mutating func agentRested() {
        guard let index = turns.indices.last, let first = turns[index].firstSpeechMs,
            let open = turns[index].interruption, open.silentMs == nil, let last = agentLastAudible
        else { return }
        turns[index].interruption?.silentMs = max(0, last + Double(PhoneFrame.milliseconds) - first)
    }
}
