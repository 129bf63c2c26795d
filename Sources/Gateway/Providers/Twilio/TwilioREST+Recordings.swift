/// Recordings. Their address is always made of the id: what a webhook calls the recording's address is not trusted with the
/// account's credentials.
extension TwilioREST {
    /// Bytes of a recording that are fetched: an hour in stereo is 115 MB.
    package static let recordingLimit = 128 << 20

    package struct Recording: Sendable, Equatable, Decodable {
        package var sid: String
        /// `in-progress`, `completed`, `absent`, ...
        package var status: String
    }

    package enum RecordingChange: Sendable, Equatable {
        /// `isSilent`: the pause is kept as silence, or left out.
        case pause(isSilent: Bool)
        case resume
        case stop
    }

    /// - Returns: the new recording's id.
    package func startRecording(of call: String, isStereo: Bool = true) async throws(TwilioRESTError) -> String {
        let response = try await send(
            .post,
            "/Calls/\(checked(call))/Recordings.json",
            form: [("RecordingChannels", isStereo ? "dual" : "mono"), ("Trim", "do-not-trim")],
            isHarmless: false
        )
        return try checked(json(response, as: Recording.self).sid)
    }

    /// - Parameter recording: nil is the one that runs.
    package func change(_ recording: String?, of call: String, _ change: RecordingChange) async throws(TwilioRESTError)
    {
        let form =
            switch change {
            case .pause(let isSilent): [("Status", "paused"), ("PauseBehavior", isSilent ? "silence" : "skip")]
            case .resume: [("Status", "in-progress")]
            case .stop: [("Status", "stopped")]
            }
        var name = "Twilio.CURRENT"
        if let recording { name = try checked(recording) }
        _ = try await send(.post, "/Calls/\(checked(call))/Recordings/\(name).json", form: form, isHarmless: true)
    }

    package func fetch(recording id: String) async throws(TwilioRESTError) -> Recording {
        try json(try await send(.get, "/Recordings/\(checked(id)).json", isHarmless: true), as: Recording.self)
    }

    /// The sound as WAV: both sides apart where Twilio has them, mixed otherwise.
    package func download(recording id: String) async throws(TwilioRESTError) -> [UInt8] {
        do {
            return try await download(recording: id, channels: 2)
        } catch {
            // The vendor's word for "there is only one channel".
            guard error.cause == .status(400) else { throw error }
            return try await download(recording: id, channels: 1)
        }
    }

    private func download(recording id: String, channels: Int) async throws(TwilioRESTError) -> [UInt8] {
        try await send(
            .get,
            "/Recordings/\(checked(id)).wav?RequestedChannels=\(channels)",
            isHarmless: true,
            bodyLimit: Self.recordingLimit,
            deadline: .seconds(120)
        ).body
    }

    /// One that is gone already is no error.
    package func delete(recording id: String) async throws(TwilioRESTError) {
        do {
            _ = try await send(.delete, "/Recordings/\(checked(id)).json", isHarmless: true)
        } catch {
            guard error.isGone else { throw error }
        }
    }
}
