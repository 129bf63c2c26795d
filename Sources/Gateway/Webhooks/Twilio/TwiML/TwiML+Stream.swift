extension TwiML {
    /// Hands the call to a socket. When it closes, `action` is asked what comes next; without one the next verb runs.
    package struct Connect: Equatable, Sendable {
        package enum Noun: Equatable, Sendable {
            case stream(Stream)
            case relay(ConversationRelay)
        }

        package var noun: Noun
        package var action: String?
        package var method: Method?

        package init(_ noun: Noun, action: String? = nil, method: Method? = nil) {
            self.noun = noun
            self.action = action
            self.method = method
        }

        var element: Markup.Element {
            let child =
                switch noun {
                case .stream(let stream): stream.element
                case .relay(let relay): relay.element
                }
            return Markup.Element("Connect", ["action": action, "method": method], [.element(child)])
        }
    }

    package struct Stream: Equatable, Sendable {
        package enum Track: String, MarkupValue, Equatable {
            case inbound = "inbound_track"
            case outbound = "outbound_track"
            case both = "both_tracks"
        }

        /// `wss://…`, without a query: the vendor drops it.
        package var url: String
        package var name: String?
        /// A bidirectional stream takes `inbound` only.
        package var track: Track?
        package var statusCallback: String?
        package var statusCallbackMethod: Method?
        package var parameters: [Parameter]

        package init(
            _ url: String,
            name: String? = nil,
            track: Track? = nil,
            statusCallback: String? = nil,
            statusCallbackMethod: Method? = nil,
            parameters: [Parameter] = []
        ) {
            self.url = url
            self.name = name
            self.track = track
            self.statusCallback = statusCallback
            self.statusCallbackMethod = statusCallbackMethod
            self.parameters = parameters
        }

        var element: Markup.Element {
            Markup.Element(
                "Stream",
                [
                    "url": url, "name": name, "track": track, "statusCallback": statusCallback,
                    "statusCallbackMethod": statusCallbackMethod,
                ],
                parameters.map { .element(Markup.Element("Parameter", ["name": $0.name, "value": $0.value])) }
            )
        }
    }

    /// Comes back in the stream's `start` message.
    package struct Parameter: Equatable, Sendable {
        package let name: String
        package let value: String

        /// - Returns: nil when name and value together are not under the vendor's 500 characters (counted as UTF-16).
        package init?(_ name: String, _ value: String) {
            guard name.utf16.count + value.utf16.count < 500 else { return nil }
            self.name = name
            self.value = value
        }
    }

    /// The vendor's own speech recognition and synthesis over a text socket. No answer of this engine uses it.
    package struct ConversationRelay: Equatable, Sendable {
        package var url: String
        package var welcomeGreeting: String?
        package var language: String?
        package var voice: String?
        package var ttsProvider: String?
        package var transcriptionProvider: String?
        package var interruptible: String?
        package var dtmfDetection: Bool?

        package init(
            _ url: String,
            welcomeGreeting: String? = nil,
            language: String? = nil,
            voice: String? = nil,
            ttsProvider: String? = nil,
            transcriptionProvider: String? = nil,
            interruptible: String? = nil,
            dtmfDetection: Bool? = nil
        ) {
            self.url = url
            self.welcomeGreeting = welcomeGreeting
            self.language = language
            self.voice = voice
            self.ttsProvider = ttsProvider
            self.transcriptionProvider = transcriptionProvider
            self.interruptible = interruptible
            self.dtmfDetection = dtmfDetection
        }

        var element: Markup.Element {
            Markup.Element(
                "ConversationRelay",
                [
                    "url": url, "welcomeGreeting": welcomeGreeting, "language": language, "voice": voice,
                    "ttsProvider": ttsProvider, "transcriptionProvider": transcriptionProvider,
                    "interruptible": interruptible, "dtmfDetection": dtmfDetection,
                ]
            )
        }
    }
}
