import Foundation

/// The webhooks of many calls in the order a provider sends them, some of them forged or sent twice. A pure value: the same
/// number is always the same request.
package struct WebhookMix: Sendable {
    /// What a request is meant to show.
    package enum Intent: String, Sendable, CaseIterable {
        /// Signed and new: to be served.
        case honest
        /// The request before it once more, byte for byte: to be served, and to change nothing.
        case replayed
        /// Signed, then changed on the way: to be refused.
        case tampered
    }
    package struct Request: Sendable, Equatable {
        package var path: String
        package var body: String
        package var signature: String
        package var intent: Intent
    }

    /// One in so many is forged, and one in so many is sent twice.
    static let tamperedEvery = 50
    static let replayedEvery = 20

    let publicURL: String
    let token: String
    let to: String
    /// Tells two runs' calls apart.
    let run: UInt64

    package init(publicURL: String, token: String, to: String, run: UInt64) {
        self.publicURL = publicURL
        self.token = token
        self.to = to
        self.run = run
    }

    package func request(_ number: Int) -> Request {
        if number % Self.tamperedEvery == Self.tamperedEvery - 1 {
            var request = signed(number, .tampered)
            // One digit of the call's name: the signature of another request.
            request.body = request.body.replacingCharacter(after: "CallSid=CA")
            return request
        }
        if number % Self.replayedEvery == Self.replayedEvery - 1 { return signed(number - 1, .replayed) }
        return signed(number, .honest)
    }

    private func signed(_ number: Int, _ intent: Intent) -> Request {
        let call = "CA" + hex(run, 16) + hex(UInt64(number / 4), 16)
        let (path, extra) = step(number % 4, call: call)
        let parameters = Self.standard(call: call, to: to) + extra
        return Request(
            path: path,
            body: VoiceWebhook.form(parameters),
            signature: TwilioSignature.sign(url: publicURL + path, parameters: parameters, token: token),
            intent: intent
        )
    }

    private func step(_ step: Int, call: String) -> (String, [(name: String, value: String)]) {
        switch step {
        case 0: ("/twilio/voice", [("CallStatus", "ringing")])
        case 1: ("/twilio/status", [("CallStatus", "in-progress"), ("SequenceNumber", "1")])
        case 2:
            (
                "/twilio/status",
                [("CallStatus", "completed"), ("SequenceNumber", "2"), ("CallDuration", "42"), ("Duration", "1")]
            )
        default:
            (
                "/twilio/recording",
                [
                    ("RecordingSid", "RE" + call.dropFirst(2)), ("RecordingStatus", "completed"),
                    (
                        "RecordingUrl",
                        "https://api.twilio.com/2010-04-01/Accounts/AC0/Recordings/RE" + call.dropFirst(2)
                    ),
                    ("RecordingDuration", "42"), ("RecordingChannels", "2"),
                ]
            )
        }
    }

    private static func standard(call: String, to: String) -> [(name: String, value: String)] {
        [
            ("AccountSid", "AC00000000000000000000000000000000"), ("ApiVersion", "2010-04-01"), ("CallSid", call),
            ("Called", to), ("CalledCity", ""), ("CalledCountry", "US"), ("CalledState", ""), ("CalledZip", ""),
            ("Caller", "+15550123"), ("CallerCity", "SPRINGFIELD"), ("CallerCountry", "US"), ("CallerState", "IL"),
            ("CallerZip", "62701"), ("Direction", "inbound"), ("From", "+15550123"), ("FromCity", "SPRINGFIELD"),
            ("FromCountry", "US"), ("FromState", "IL"), ("FromZip", "62701"), ("To", to), ("ToCity", ""),
            ("ToCountry", "US"), ("ToState", ""), ("ToZip", ""),
        ]
    }

    private func hex(_ value: UInt64, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}

extension String {
    /// The character after `mark` becomes another hexadecimal digit.
    fileprivate func replacingCharacter(after mark: String) -> String {
        guard let range = range(of: mark), range.upperBound < endIndex else { return self }
        var text = self
        let digit = text[range.upperBound]
        text.replaceSubrange(range.upperBound...range.upperBound, with: digit == "f" ? "e" : "f")
        return text
    }
}
