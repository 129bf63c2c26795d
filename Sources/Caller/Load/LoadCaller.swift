/// How the callers of a load test behave.
package struct LoadManner: Sendable {
    /// Ticks of 20 ms between the agent's last word and the caller's next one.
    package var pause = 100...150
    /// Ticks an answer is waited for.
    package var patience = 500
    /// 0...1: how many of the agent's answers are interrupted.
    package var bargeInShare = 0.0
    /// Ticks the agent has been heard when it is interrupted.
    package var bargeInAfter = 50...200

    package init() {}
}

/// One caller: listens, pauses, says one of the recordings, waits for the answer, now and then interrupts. Pure value, told the
/// tick.
package struct LoadCaller {
    package enum Frame: Equatable, Sendable {
        case quiet
        /// One frame of a recording. `interrupts`: the agent was speaking when it began.
        case speech(recording: Int, frame: Int, interrupts: Bool)
    }

    private enum State {
        /// The agent is to speak next; until this tick.
        case waiting(until: Int)
        /// The agent speaks; it will be interrupted at this tick.
        case listening(bargeIn: Int?)
        case pausing(until: Int)
        case speaking(recording: Int, frame: Int, interrupts: Bool)
    }

    /// Ticks of silence after which the agent has finished.
    private static let agentRest = 25

    private let manner: LoadManner
    /// Frames of each recording.
    private let lengths: [Int]
    private var random: SplitMix
    private var state: State
    private var lastAudible = -agentRest
    /// Times the agent was waited for in vain, the greeting included.
    package private(set) var unanswered = 0
    /// Times the agent began to speak. One that talked on through an utterance has not begun again.
    package private(set) var replies = 0

    package init(manner: LoadManner, lengths: [Int], seed: UInt64) {
        self.manner = manner
        self.lengths = lengths
        random = SplitMix(seed: seed)
        state = .waiting(until: manner.patience)
    }

    /// - Parameters:
    ///   - agentIsAudible: the frame the phone plays in this tick.
    /// - Returns: what goes out in this tick.
    package mutating func tick(_ tick: Int, agentIsAudible: Bool) -> Frame {
        let isNewReply = tick - lastAudible >= Self.agentRest
        if agentIsAudible { lastAudible = tick }
        let agentRests = tick - lastAudible >= Self.agentRest
        switch state {
        case .waiting(let until):
            if agentIsAudible {
                listen(tick, isNewReply: isNewReply)
            } else if tick >= until {
                unanswered += 1
                state = .pausing(until: tick)
            }
        case .listening(let bargeIn):
            if agentRests {
                state = .pausing(until: tick + Int.random(in: manner.pause, using: &random))
            } else if let bargeIn, tick >= bargeIn {
                return speak(interrupts: true)
            }
        case .pausing(let until):
            if agentIsAudible {
                listen(tick, isNewReply: isNewReply)
            } else if tick >= until {
                return speak(interrupts: false)
            }
        case .speaking(let recording, let frame, let interrupts):
            if frame + 1 < lengths[recording] {
                state = .speaking(recording: recording, frame: frame + 1, interrupts: interrupts)
            } else {
                state = .waiting(until: tick + manner.patience)
            }
            return .speech(recording: recording, frame: frame, interrupts: interrupts)
        }
        return .quiet
    }

    private mutating func listen(_ tick: Int, isNewReply: Bool) {
        guard isNewReply else {
            state = .listening(bargeIn: nil)
            return
        }
        replies += 1
        let bargesIn = Double.random(in: 0..<1, using: &random) < manner.bargeInShare
        state = .listening(bargeIn: bargesIn ? tick + Int.random(in: manner.bargeInAfter, using: &random) : nil)
    }

    private mutating func speak(interrupts: Bool) -> Frame {
        let recording = Int.random(in: 0..<lengths.count, using: &random)
        state =
            lengths[recording] > 1
            ? .speaking(recording: recording, frame: 1, interrupts: interrupts) : .pausing(until: .max)
        return .speech(recording: recording, frame: 0, interrupts: interrupts)
    }
}
