/// Where a RingCentral call is as a conversation. It only goes forward; a pure value.
package enum RingCentralStage: String, CaseIterable, Comparable, Sendable {
    case ringing
    /// The engine acted: the call is on its way to a device, a number or the voicemail.
    case answering
    case conversation
    case disconnected
    /// Its recordings are fetched or given up: nothing more will happen.
    case finalised

    package mutating func advance(to next: RingCentralStage) { self = max(self, next) }

    package static func < (left: RingCentralStage, right: RingCentralStage) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .ringing: 0
        case .answering: 1
        case .conversation: 2
        case .disconnected: 3
        case .finalised: 4
        }
    }
}
