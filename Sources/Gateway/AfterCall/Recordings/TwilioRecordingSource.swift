/// Twilio's recordings, by their id and with the account's credentials: the address a webhook names is not followed.
package struct TwilioRecordingSource: CallRecordingSource {
    private let rest: TwilioREST

    package init(_ rest: TwilioREST) { self.rest = rest }

    package func fetch(_ recording: ProviderRecording, of call: ProviderCallKey) async throws(AfterCallFault) -> [UInt8]
    {
        do throws(TwilioRESTError) {
            return try await rest.download(recording: recording.id)
        } catch {
            switch error.cause {
            case .transport(let code): throw AfterCallFault(code, provider: "twilio")
            case .status(let status):
                throw AfterCallFault(status: status, retryAfter: error.retryAfter, provider: "twilio")
            case .malformed: throw AfterCallFault(.badAnswer, isPassing: true, provider: "twilio")
            case .badID, .tooLong: throw AfterCallFault(.refused, isPassing: false, provider: "twilio")
            }
        }
    }
}
