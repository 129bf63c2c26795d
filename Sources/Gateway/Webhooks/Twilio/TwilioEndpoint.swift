/// Everything Twilio asks or tells, by path: `/twilio/` and the raw value, which is also the metric label.
package enum TwilioEndpoint: String, Sendable, CaseIterable {
    /// A call wants instructions.
    case voice
    /// `<Gather>`: a key was pressed, or none.
    case dtmf
    /// `<Connect>`: the stream is over.
    case `continue`
    /// `<Dial>`: the other leg is over, or nobody answered.
    case dialDone = "dial-done"
    /// `<Record>`: the caller has left a message.
    case recordDone = "record-done"
    /// `<Number url>`: a person has answered and is told who is waiting.
    case whisper
    /// A person who was called for a caller on hold has answered.
    case transfer
    /// That person has heard the brief.
    case transferJoin = "transfer-join"
    /// Status callbacks.
    case status
    /// Of the call to that person.
    case transferStatus = "transfer-status"
    case recording
    case transcription
    case streamStatus = "stream-status"

    package var path: String { "/twilio/" + rawValue }

    /// Tells of something that has happened; wants no instructions.
    package var isCallback: Bool {
        switch self {
        case .status, .transferStatus, .recording, .transcription, .streamStatus: true
        case .voice, .dtmf, .continue, .dialDone, .recordDone, .whisper, .transfer, .transferJoin: false
        }
    }

    /// Asked by or about a person's leg, on behalf of the call that the address names.
    package var isOfPerson: Bool {
        switch self {
        case .whisper, .transfer, .transferJoin, .transferStatus: true
        case .voice, .dtmf, .continue, .dialDone, .recordDone, .status, .recording, .transcription, .streamStatus:
            false
        }
    }
}
