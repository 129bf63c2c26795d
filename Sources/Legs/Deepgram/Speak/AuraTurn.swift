/// One piece on a socket that lives on: what an arriving message means, so that nothing of this piece is left on the wire
/// when the next begins.
///
/// Messages carry no turn: only their order tells. A piece ends with its `Flushed`; one that was given up ends with the
/// `Cleared` that answers its `Clear`, and everything before that is dropped.
package struct AuraTurn: Sendable {
    package enum Input: Sendable, Equatable {
        case audio
        case flushed
        case cleared
        /// The reader went away.
        case cancelled
    }

    package enum Output: Sendable, Equatable {
        case none
        /// Hand it to the reader.
        case play
        case sendClear
        /// The socket is clean.
        case finished
        /// The vendor speaks of something that was not asked.
        case unexpected
    }

    private enum State { case speaking, clearing, over }
    private var state = State.speaking

    package init() {}

    package mutating func handle(_ input: Input) -> Output {
        switch (state, input) {
        case (.speaking, .audio): return .play
        case (.speaking, .flushed), (.clearing, .cleared):
            state = .over
            return .finished
        case (.speaking, .cancelled):
            state = .clearing
            return .sendClear
        case (.clearing, .audio), (.clearing, .flushed), (.clearing, .cancelled), (.over, .cancelled): return .none
        case (.speaking, .cleared), (.over, .audio), (.over, .flushed), (.over, .cleared): return .unexpected
        }
    }
}
