extension TwiML {
    /// Connects the caller with somebody else. With an `action` the verbs after it never run.
    package struct Dial: Equatable, Sendable {
        package enum Recording: String, MarkupValue, Equatable {
            case none = "do-not-record"
            case fromAnswer = "record-from-answer"
            case fromRinging = "record-from-ringing"
            case fromAnswerDual = "record-from-answer-dual"
            case fromRingingDual = "record-from-ringing-dual"
        }

        /// Several ring at once, unless `sequential`.
        package var targets: [DialTarget]
        package var action: String?
        package var method: Method?
        /// Seconds the other side may ring.
        package var timeout: Int?
        /// Seconds the connection may last.
        package var timeLimit: Int?
        package var callerId: String?
        package var hangupOnStar: Bool?
        package var record: Recording?
        package var recordingStatusCallback: String?
        package var recordingStatusCallbackMethod: Method?
        package var recordingStatusCallbackEvent: [RecordingEvent]?
        package var recordingTrack: RecordingTrack?
        package var trim: Trim?
        /// The caller hears ringing, and is answered only when the other side has.
        package var answerOnBridge: Bool?
        package var ringTone: String?
        package var referUrl: String?
        package var sequential: Bool?
        /// At most 50 characters; the rest is cut.
        package var callReason: String?

        package init(
            _ targets: [DialTarget],
            action: String? = nil,
            method: Method? = nil,
            timeout: Int? = nil,
            timeLimit: Int? = nil,
            callerId: String? = nil,
            hangupOnStar: Bool? = nil,
            record: Recording? = nil,
            recordingStatusCallback: String? = nil,
            recordingStatusCallbackMethod: Method? = nil,
            recordingStatusCallbackEvent: [RecordingEvent]? = nil,
            recordingTrack: RecordingTrack? = nil,
            trim: Trim? = nil,
            answerOnBridge: Bool? = nil,
            ringTone: String? = nil,
            referUrl: String? = nil,
            sequential: Bool? = nil,
            callReason: String? = nil
        ) {
            self.targets = targets
            self.action = action
            self.method = method
            self.timeout = timeout
            self.timeLimit = timeLimit
            self.callerId = callerId
            self.hangupOnStar = hangupOnStar
            self.record = record
            self.recordingStatusCallback = recordingStatusCallback
            self.recordingStatusCallbackMethod = recordingStatusCallbackMethod
            self.recordingStatusCallbackEvent = recordingStatusCallbackEvent
            self.recordingTrack = recordingTrack
            self.trim = trim
            self.answerOnBridge = answerOnBridge
            self.ringTone = ringTone
            self.referUrl = referUrl
            self.sequential = sequential
            self.callReason = callReason
        }

        var element: Markup.Element {
            Markup.Element(
                "Dial",
                [
                    "action": action, "method": method, "timeout": timeout, "timeLimit": timeLimit,
                    "callerId": callerId, "hangupOnStar": hangupOnStar, "record": record,
                    "recordingStatusCallback": recordingStatusCallback,
                    "recordingStatusCallbackMethod": recordingStatusCallbackMethod,
                    "recordingStatusCallbackEvent": recordingStatusCallbackEvent, "recordingTrack": recordingTrack,
                    "trim": trim, "answerOnBridge": answerOnBridge, "ringTone": ringTone, "referUrl": referUrl,
                    "sequential": sequential, "callReason": callReason.map { String($0.prefix(50)) },
                ],
                targets.map(\.node)
            )
        }
    }
}
