/// One piece of work on a call that is over, and how far it has come.
package struct AfterCallJob: Sendable {
    /// A metric label.
    package enum Kind: String, Sendable, CaseIterable {
        /// A recording is fetched, transcribed and summarised.
        case recording
        /// What was heard live is summarised.
        case conversation
    }

    package enum Progress: Sendable {
        /// The provider has told that there is a recording.
        case told(ProviderRecording)
        /// The engine's own recorder is writing it, or has written it.
        case recorded(mediaCall: String)
        case fetched(KeptRecording)
        case transcribed(CallTranscript)
    }

    package let call: ProviderCallKey
    package let tenant: String
    package let kind: Kind
    /// The provider's id of the recording; nil for the engine's own and for what was heard live.
    package let recordingID: String?
    /// The engine's own call, for work on what the agent held.
    package let mediaCall: String?
    package var progress: Progress
    /// What is known of the words if the recording is never had.
    package var fallback: CallTranscript?

    package init(
        call: ProviderCallKey,
        tenant: String,
        kind: Kind,
        recordingID: String? = nil,
        mediaCall: String? = nil,
        progress: Progress,
        fallback: CallTranscript? = nil
    ) {
        self.call = call
        self.tenant = tenant
        self.kind = kind
        self.recordingID = recordingID
        self.mediaCall = mediaCall
        self.progress = progress
        self.fallback = fallback
    }

    /// Names the work: the same name again is the same work. What the agent held is worked on once, from its recording or
    /// from what was heard.
    package var id: String {
        "\(call.provider) \(call.id) " + (recordingID.map { "recording \($0)" } ?? "held \(mediaCall ?? "")")
    }
}

/// A recording that lies in a file.
package struct KeptRecording: Sendable, Equatable {
    package var path: String
    package var type: RecordedAudio
    /// Who is on each channel, where that is known.
    package var speakers: [CallTranscript.Speaker]
    /// Only for this work: the file goes when it is done.
    package var isTemporary: Bool

    package init(path: String, type: RecordedAudio, speakers: [CallTranscript.Speaker], isTemporary: Bool) {
        self.path = path
        self.type = type
        self.speakers = speakers
        self.isTemporary = isTemporary
    }
}

/// Why work on a call failed. Facts only: no address, no number, no word.
package struct AfterCallFault: Error, Sendable, Equatable {
    package enum Code: String, Sendable, CaseIterable {
        /// Not there yet, or not any more: nobody can tell these apart.
        case notThere = "not_there"
        case empty
        case wrongType = "wrong_type"
        case tooLarge = "too_large"
        case forbiddenAddress = "forbidden_address"
        case notConfigured = "not_configured"
        case refused, busy, unreachable, timeout, badAnswer = "bad_answer"
        case storage
        case cancelled
    }

    package var code: Code
    /// Trying again may help.
    package var isPassing: Bool
    /// What the vendor asked for.
    package var retryAfter: Duration?
    /// Who failed, as a metric label; nil for the engine itself.
    package var provider: String?

    package init(_ code: Code, isPassing: Bool, retryAfter: Duration? = nil, provider: String? = nil) {
        self.code = code
        self.isPassing = isPassing
        self.retryAfter = retryAfter
        self.provider = provider
    }
}
