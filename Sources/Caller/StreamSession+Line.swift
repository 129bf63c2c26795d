extension StreamSession {
    /// Who calls, what is said, how the caller behaves.
    struct Line: Sendable {
        var callID: String
        var streamID: String
        var utterances: [Utterance]
        var manner: CallerScript.Manner
        var agentThreshold: Double
    }

    /// Opens the socket and holds the call to its end; cancelling the task hangs up.
    func hold(
        _ address: StreamSocket.Address,
        headers: [(String, String)],
        agent: String,
        isSigned: Bool
    ) async throws -> Outcome {
        do {
            try await StreamSocket.open(address, headers: headers, agent: agent, isSigned: isSigned, session: self)
        } catch {
            abandon(error)
            throw error
        }
        return try await withTaskCancellationHandler {
            try await finished.get()
        } onCancel: {
            hangUp(.cancelled)
        }
    }
}

extension StreamSession.Line {
    init(_ configuration: TwilioCallConfiguration, streamSid: String) {
        self.init(
            callID: configuration.callSid,
            streamID: streamSid,
            utterances: configuration.utterances,
            manner: configuration.manner,
            agentThreshold: configuration.agentThreshold
        )
    }

    init(_ configuration: RingoverCallConfiguration) {
        self.init(
            callID: configuration.callID,
            streamID: configuration.callID,
            utterances: configuration.utterances,
            manner: configuration.manner,
            agentThreshold: configuration.agentThreshold
        )
    }
}
