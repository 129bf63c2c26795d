/// The provider's side of one stream as a state machine: which message means what when.
///
/// A stream survives everything that is merely odd (unknown events, broken messages, media before `start`, a second
/// `start` or `stop`); each oddity has a name to count. It ends at `stop`, or when its audio could not be understood.
package struct TwilioStreamMachine: Equatable {
    package enum Action: Equatable {
        case none
        /// Read the text as a `start` message.
        case readStart
        case media, mark, digit, stop
        case reject(Oddity)
    }
    /// Labels of `parley_frames_rejected_total{reason}`.
    package enum Oddity: String, Equatable, CaseIterable {
        case json = "bad_json"
        case noEvent = "no_event"
        case missingField = "missing_field"
        case base64 = "bad_base64"
        case beforeStart = "before_start"
        case secondStart = "second_start"
        case badStart = "bad_start"
        case wrongStream = "wrong_stream"
        case binary
        case afterStop = "after_stop"
        case outboundTrack = "outbound_track"
        case unknownEvent = "unknown_event"
        case tooLarge = "too_large"
    }

    private enum State: Equatable { case awaitingStart, streaming, stopped }
    private var state: State = .awaitingStart

    package init() {}

    package var hasStarted: Bool { state != .awaitingStart }

    /// - Parameter isOurStream: the message's `streamSid` is this stream's, or it has none.
    package mutating func handle(_ frame: TwilioFrame, isOurStream: Bool) -> Action {
        switch (state, frame.event) {
        case (_, .connected): return .none
        case (_, .unknown): return .reject(.unknownEvent)
        case (.awaitingStart, .start): return .readStart
        case (.awaitingStart, .media), (.awaitingStart, .mark), (.awaitingStart, .dtmf): return .reject(.beforeStart)
        case (.awaitingStart, .stop):
            state = .stopped
            return .stop
        case (.streaming, .start): return .reject(.secondStart)
        case (.streaming, _) where !isOurStream: return .reject(.wrongStream)
        case (.streaming, .media): return frame.isInbound ? .media : .reject(.outboundTrack)
        case (.streaming, .mark): return .mark
        case (.streaming, .dtmf): return .digit
        case (.streaming, .stop):
            state = .stopped
            return .stop
        case (.stopped, _): return .reject(.afterStop)
        }
    }

    /// The `start` message was good.
    package mutating func started() { if state == .awaitingStart { state = .streaming } }
}
