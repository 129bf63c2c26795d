import Actors

extension TelephonySession {
    package enum Update: String, Equatable, Sendable {
        case hold, resumed, parked, gone, voicemail, screening, fax
    }

    package enum Output: Equatable, Sendable {
        case initiated, ringing, answered
        /// `mark` tells two of a party's updates apart: the sequence, or the time in milliseconds.
        case updated(Update, party: String, mark: Int64)
        case missed
        /// A recording that will not grow any more.
        case recording(String)
        case ended(CallLifecycle.Phase)
    }
}

extension TelephonySession.Output {
    /// The name of the engine's own event.
    package var name: String {
        switch self {
        case .initiated: "call.initiated"
        case .ringing: "call.ringing"
        case .answered: "call.answered"
        case .updated(.voicemail, _, _): "call.voicemail"
        case .updated: "call.updated"
        case .missed: "call.missed"
        case .recording: "call.recording"
        case .ended: "call.ended"
        }
    }
}
