extension TwiML {
    /// Whom a `<Dial>` calls.
    package enum DialTarget: Equatable, Sendable {
        /// A telephone number (E.164) without anything to say about it.
        case bare(String)
        case number(Number)
        /// A client of the vendor's SDK, by its identity.
        case client(String)
        case sip(String)
        case conference(Conference)
        case queue(String)

        var node: Markup.Node {
            switch self {
            case .bare(let number): .text(number)
            case .number(let number): .element(number.element)
            case .client(let identity): .element(Markup.Element("Client", [:], [.text(identity)]))
            case .sip(let uri): .element(Markup.Element("Sip", [:], [.text(uri)]))
            case .conference(let conference): .element(conference.element)
            case .queue(let name): .element(Markup.Element("Queue", [:], [.text(name)]))
            }
        }
    }

    package struct Number: Equatable, Sendable {
        /// E.164.
        package var number: String
        /// What the person hears, alone, before the caller is connected.
        package var url: String?
        package var method: Method?
        /// Keys sent when the other side has answered.
        package var sendDigits: String?
        package var statusCallback: String?
        package var statusCallbackEvent: [CallEvent]?
        package var statusCallbackMethod: Method?

        package init(
            _ number: String,
            url: String? = nil,
            method: Method? = nil,
            sendDigits: String? = nil,
            statusCallback: String? = nil,
            statusCallbackEvent: [CallEvent]? = nil,
            statusCallbackMethod: Method? = nil
        ) {
            self.number = number
            self.url = url
            self.method = method
            self.sendDigits = sendDigits
            self.statusCallback = statusCallback
            self.statusCallbackEvent = statusCallbackEvent
            self.statusCallbackMethod = statusCallbackMethod
        }

        fileprivate var element: Markup.Element {
            Markup.Element(
                "Number",
                [
                    "url": url, "method": method, "sendDigits": sendDigits, "statusCallback": statusCallback,
                    "statusCallbackEvent": statusCallbackEvent, "statusCallbackMethod": statusCallbackMethod,
                ],
                [.text(number)]
            )
        }
    }

    /// A call's progress a status callback may be asked for.
    package enum CallEvent: String, MarkupValue, Equatable, CaseIterable {
        case initiated, ringing, answered, completed
    }

    package struct Conference: Equatable, Sendable {
        package enum Event: String, MarkupValue, Equatable { case start, end, join, leave, mute, hold, speaker }

        package var name: String
        package var beep: Bool?
        package var muted: Bool?
        package var startConferenceOnEnter: Bool?
        package var endConferenceOnExit: Bool?
        /// Empty: silence.
        package var waitUrl: String?
        package var statusCallback: String?
        package var statusCallbackEvent: [Event]?

        package init(
            _ name: String,
            beep: Bool? = nil,
            muted: Bool? = nil,
            startConferenceOnEnter: Bool? = nil,
            endConferenceOnExit: Bool? = nil,
            waitUrl: String? = nil,
            statusCallback: String? = nil,
            statusCallbackEvent: [Event]? = nil
        ) {
            self.name = name
            self.beep = beep
            self.muted = muted
            self.startConferenceOnEnter = startConferenceOnEnter
            self.endConferenceOnExit = endConferenceOnExit
            self.waitUrl = waitUrl
            self.statusCallback = statusCallback
            self.statusCallbackEvent = statusCallbackEvent
        }

        fileprivate var element: Markup.Element {
            Markup.Element(
                "Conference",
                [
                    "beep": beep, "muted": muted, "startConferenceOnEnter": startConferenceOnEnter,
                    "endConferenceOnExit": endConferenceOnExit, "waitUrl": waitUrl, "statusCallback": statusCallback,
                    "statusCallbackEvent": statusCallbackEvent,
                ],
                [.text(name)]
            )
        }
    }
}
