/// One caller's way to a person: the person is called, told about the caller, and then both meet in a conference.
///
/// Until the person has heard the brief the caller stays on the engine's stream, with hold music. Whatever fails before the
/// two have met leads to an ending that says what the caller's next document is.
package struct TransferMachine: Sendable {
    package typealias Instant = ContinuousClock.Instant

    package enum Input: Sendable, Equatable {
        /// Twilio took the call to the person.
        case placed(leg: String)
        /// It did not, or nobody knows whether it did.
        case notPlaced
        /// The person has answered and asks what to do.
        case answered(leg: String)
        /// The person has heard the brief.
        case briefed(leg: String)
        /// The call to the person is over, with a word of the CallStatus set.
        case legEnded(leg: String, status: String)
        /// The caller's call follows its new document.
        case moved
        case notMoved(MoveFault)
        /// The caller's media is gone.
        case mediaEnded
        /// Twilio asks what comes after the caller's stream.
        case callerAsks
        case timeout
    }

    /// Why the caller's call did not take its new document.
    package enum MoveFault: Sendable, Equatable {
        /// There is no such call any more.
        case gone
        /// It was refused.
        case refused
        /// No answer came: it may have happened.
        case unknown
    }

    package enum Output: Sendable, Equatable {
        /// Ends the call to the person.
        case release(leg: String)
        /// Gives the caller's call the conference.
        case moveCaller
        /// Closes the caller's media: Twilio then asks what comes next.
        case closeMedia
        /// The caller is in the conference and the person is not: what comes after a dialled leg with this status.
        case sendCallerOn(status: String)
        /// Gives `.timeout` at this time.
        case wake(Instant)
    }

    package enum Ending: Sendable, Equatable {
        /// There was no call to the person: the caller's own document may dial.
        case notPlaced
        /// The person was called in vain, with a word of the DialCallStatus set.
        case unanswered(String)
        /// The caller is gone.
        case left
        /// The two have met.
        case met
    }

    private enum State: Sendable, Equatable {
        /// `ended`: legs that were over before the request for one was answered.
        case placing(ended: [String: String])
        case ringing(leg: String)
        case briefing(leg: String)
        /// The caller is being moved; the person waits in the conference, or is on the way to it.
        case joining(leg: String)
        /// The caller could not be moved and comes by the stream's own next document, if still there.
        case awaiting(leg: String, until: Instant)
        case joined(leg: String, since: Instant)
        case over(Ending)
    }

    /// A person who hangs up this soon after the caller was moved has not met them.
    package static let acquaintance = Duration.seconds(3)
    /// How long a caller who could not be moved may take to ask for the next document.
    package static let arrival = Duration.seconds(20)

    private static let legsBeforeAnswer = 8

    private var state = State.placing(ended: [:])
    /// The person must have answered by then.
    private let answerBy: Instant

    package init(answerBy: Instant) { self.answerBy = answerBy }

    package var isOver: Bool { if case .over = state { true } else { false } }
    package var ending: Ending? { if case .over(let ending) = state { ending } else { nil } }

    /// Which leg is the person's is not known yet.
    package var isPlacing: Bool { if case .placing = state { true } else { false } }
    /// The person of this leg is to hear the brief.
    package func isBriefing(_ leg: String) -> Bool { state == .briefing(leg: leg) }
    /// The caller, or the person of this leg, belongs in the conference.
    package func isInConference(_ leg: String? = nil) -> Bool {
        switch state {
        case .joining(let own), .awaiting(let own, _), .joined(let own, _): leg == nil || leg == own
        case .placing, .ringing, .briefing, .over: false
        }
    }

    package mutating func handle(_ input: Input, now: Instant) -> [Output] {
        switch state {
        case .placing(let ended): placing(ended, input, now: now)
        case .ringing(let leg): ringing(leg, input, now: now)
        case .briefing(let leg): briefing(leg, input, now: now)
        case .joining(let leg): joining(leg, input, now: now)
        case .awaiting(let leg, let until): awaiting(leg, until, input, now: now)
        case .joined(let leg, let since): joined(leg, since, input, now: now)
        case .over(let ending): over(ending, input)
        }
    }

    private mutating func end(_ ending: Ending, _ outputs: [Output] = []) -> [Output] {
        state = .over(ending)
        return outputs
    }

    private mutating func placing(_ ended: [String: String], _ input: Input, now: Instant) -> [Output] {
        switch input {
        case .placed(let leg):
            if let status = ended[leg] { return end(.unanswered(Self.word(status)), [.closeMedia]) }
            state = .ringing(leg: leg)
            return []
        // Twilio's callbacks may overtake its answer; those of an earlier transfer may come late.
        case .legEnded(let leg, let status):
            if ended.count < Self.legsBeforeAnswer {
                state = .placing(ended: ended.merging([leg: status]) { first, _ in first })
            }
            return []
        case .notPlaced: return end(.notPlaced, [.closeMedia])
        case .timeout: return now >= answerBy ? end(.notPlaced, [.closeMedia]) : []
        case .mediaEnded: return end(.left)
        case .answered, .briefed, .moved, .notMoved, .callerAsks: return []
        }
    }

    private mutating func ringing(_ leg: String, _ input: Input, now: Instant) -> [Output] {
        switch input {
        case .answered(leg):
            state = .briefing(leg: leg)
            return []
        case .legEnded(leg, let status): return end(.unanswered(Self.word(status)), [.closeMedia])
        case .timeout: return now >= answerBy ? end(.unanswered("no-answer"), [.release(leg: leg), .closeMedia]) : []
        case .mediaEnded: return end(.left, [.release(leg: leg)])
        case .placed, .notPlaced, .answered, .briefed, .legEnded, .moved, .notMoved, .callerAsks: return []
        }
    }

    private mutating func briefing(_ leg: String, _ input: Input, now: Instant) -> [Output] {
        switch input {
        case .briefed(leg): return join(leg)
        // The brief is long: the caller goes first and hears Twilio's music.
        case .timeout: return now >= answerBy ? join(leg) : []
        case .legEnded(leg, _): return end(.unanswered("no-answer"), [.closeMedia])
        case .mediaEnded: return end(.left, [.release(leg: leg)])
        case .placed, .notPlaced, .answered, .briefed, .legEnded, .moved, .notMoved, .callerAsks: return []
        }
    }

    private mutating func join(_ leg: String) -> [Output] {
        state = .joining(leg: leg)
        return [.moveCaller]
    }

    private mutating func joining(_ leg: String, _ input: Input, now: Instant) -> [Output] {
        switch input {
        // A document may also be taken by way of the stream's end, before the request for it was answered.
        case .moved, .callerAsks:
            state = .joined(leg: leg, since: now)
            return []
        case .notMoved(.gone): return end(.left, [.release(leg: leg)])
        case .notMoved(.unknown):
            state = .joined(leg: leg, since: now)
            return [.closeMedia]
        case .notMoved(.refused):
            let until = now.advanced(by: Self.arrival)
            state = .awaiting(leg: leg, until: until)
            return [.closeMedia, .wake(until)]
        case .legEnded(leg, _): return end(.unanswered("no-answer"))
        case .placed, .notPlaced, .answered, .briefed, .legEnded, .mediaEnded, .timeout: return []
        }
    }

    private mutating func awaiting(_ leg: String, _ until: Instant, _ input: Input, now: Instant) -> [Output] {
        switch input {
        case .callerAsks:
            state = .joined(leg: leg, since: now)
            return []
        case .legEnded(leg, _): return end(.unanswered("no-answer"))
        case .timeout: return now >= until ? end(.left, [.release(leg: leg)]) : []
        case .placed, .notPlaced, .answered, .briefed, .legEnded, .moved, .notMoved, .mediaEnded: return []
        }
    }

    private mutating func joined(_ leg: String, _ since: Instant, _ input: Input, now: Instant) -> [Output] {
        guard case .legEnded(leg, _) = input else { return [] }
        let haveMet = since.duration(to: now) >= Self.acquaintance
        // The conference's own end does the same; a caller who came after the person had left would wait there for ever.
        return haveMet
            ? end(.met, [.sendCallerOn(status: "completed")])
            : end(.unanswered("no-answer"), [.sendCallerOn(status: "no-answer")])
    }

    private func over(_ ending: Ending, _ input: Input) -> [Output] {
        switch input {
        // Nobody wants this call to a person any more.
        case .placed(let leg): return [.release(leg: leg)]
        // The person left while the caller was on the way.
        case .moved:
            guard case .unanswered(let status) = ending else { return [] }
            return [.sendCallerOn(status: status)]
        case .notMoved(let fault):
            guard case .unanswered(let status) = ending, fault != .gone else { return [] }
            return fault == .unknown ? [.closeMedia, .sendCallerOn(status: status)] : [.closeMedia]
        case .notPlaced, .answered, .briefed, .legEnded, .mediaEnded, .callerAsks, .timeout: return []
        }
    }

    /// A person who answered and hung up before the caller came was not there for them.
    private static func word(_ status: String) -> String {
        switch status {
        case "busy", "failed": status
        default: "no-answer"
        }
    }
}
