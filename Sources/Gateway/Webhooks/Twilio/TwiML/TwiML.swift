/// What Twilio is told to do with a call: verbs that run from top to bottom.
///
/// - Source: twilio.com/docs/voice/twiml. Every attribute that is nil is left out, so that the vendor's default counts.
package struct TwiML: Equatable, Sendable {
    package enum Verb: Equatable, Sendable {
        case say(Say)
        case play(Play)
        case gather(Gather)
        case dial(Dial)
        case record(Record)
        case redirect(Redirect)
        /// Silence; nil is one second.
        case pause(seconds: Int?)
        case hangup
        /// Must be the first verb: the call is not answered. nil is `rejected`.
        case reject(RejectReason?)
        /// Blocks until the engine closes the socket or the call ends.
        case connect(Connect)
        /// Copies the audio to a socket and goes on.
        case start(Stream)
        /// Ends the copy that was started under this name.
        case stop(stream: String)
    }

    package enum Method: String, MarkupValue, Equatable { case get = "GET", post = "POST" }
    package enum RejectReason: String, MarkupValue, Equatable { case rejected, busy }

    package struct Redirect: Equatable, Sendable {
        package var url: String
        package var method: Method?

        package init(_ url: String, method: Method? = nil) {
            self.url = url
            self.method = method
        }
    }

    package var verbs: [Verb]

    package init(_ verbs: [Verb] = []) { self.verbs = verbs }

    package var xml: String {
        Markup.document(Markup.Element("Response", [:], verbs.flatMap(\.elements).map(Markup.Node.element)))
    }
}

extension TwiML.Verb {
    /// One element, or several where a text is longer than one may be.
    var elements: [Markup.Element] {
        switch self {
        case .say(let say): say.elements
        case .play(let play): [play.element]
        case .gather(let gather): [gather.element]
        case .dial(let dial): [dial.element]
        case .record(let record): [record.element]
        case .redirect(let redirect):
            [Markup.Element("Redirect", ["method": redirect.method], [.text(redirect.url)])]
        case .pause(let seconds): [Markup.Element("Pause", ["length": seconds])]
        case .hangup: [Markup.Element("Hangup")]
        case .reject(let reason): [Markup.Element("Reject", ["reason": reason])]
        case .connect(let connect): [connect.element]
        case .start(let stream): [Markup.Element("Start", [:], [.element(stream.element)])]
        case .stop(let name):
            [Markup.Element("Stop", [:], [.element(Markup.Element("Stream", ["name": name]))])]
        }
    }

    package static func say(_ text: String, language: String) -> Self { .say(TwiML.Say(text, language: language)) }
}
