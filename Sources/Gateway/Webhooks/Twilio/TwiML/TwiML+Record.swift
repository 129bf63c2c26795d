extension TwiML {
    package enum RecordingEvent: String, MarkupValue, Equatable {
        case inProgress = "in-progress"
        case completed, absent
    }
    package enum RecordingTrack: String, MarkupValue, Equatable { case inbound, outbound, both }
    /// Silence at both ends of a recording.
    package enum Trim: String, MarkupValue, Equatable {
        case silence = "trim-silence"
        case none = "do-not-trim"
    }

    /// Records the caller until a key, silence or the longest length; the verbs after it never run.
    package struct Record: Equatable, Sendable {
        /// Without one the document is asked for again, in a circle.
        package var action: String?
        package var method: Method?
        /// Seconds of silence that end it; 0 never.
        package var timeout: Int?
        package var finishOnKey: String?
        /// Seconds.
        package var maxLength: Int?
        package var playBeep: Bool?
        package var trim: Trim?
        package var recordingStatusCallback: String?
        package var recordingStatusCallbackMethod: Method?
        package var recordingStatusCallbackEvent: [RecordingEvent]?
        /// The vendor's own transcription: recordings of 2 to 120 s, American English only.
        package var transcribe: Bool?
        package var transcribeCallback: String?

        package init(
            action: String? = nil,
            method: Method? = nil,
            timeout: Int? = nil,
            finishOnKey: String? = nil,
            maxLength: Int? = nil,
            playBeep: Bool? = nil,
            trim: Trim? = nil,
            recordingStatusCallback: String? = nil,
            recordingStatusCallbackMethod: Method? = nil,
            recordingStatusCallbackEvent: [RecordingEvent]? = nil,
            transcribe: Bool? = nil,
            transcribeCallback: String? = nil
        ) {
            self.action = action
            self.method = method
            self.timeout = timeout
            self.finishOnKey = finishOnKey
            self.maxLength = maxLength
            self.playBeep = playBeep
            self.trim = trim
            self.recordingStatusCallback = recordingStatusCallback
            self.recordingStatusCallbackMethod = recordingStatusCallbackMethod
            self.recordingStatusCallbackEvent = recordingStatusCallbackEvent
            self.transcribe = transcribe
            self.transcribeCallback = transcribeCallback
        }

        var element: Markup.Element {
            Markup.Element(
                "Record",
                [
                    "action": action, "method": method, "timeout": timeout, "finishOnKey": finishOnKey,
                    "maxLength": maxLength, "playBeep": playBeep, "trim": trim,
                    "recordingStatusCallback": recordingStatusCallback,
                    "recordingStatusCallbackMethod": recordingStatusCallbackMethod,
                    "recordingStatusCallbackEvent": recordingStatusCallbackEvent, "transcribe": transcribe,
                    "transcribeCallback": transcribeCallback,
                ]
            )
        }
    }
}
