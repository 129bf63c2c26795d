import Foundation

/// One call over the Twilio framing: where to, what is said, how the caller behaves.
public struct TwilioCallConfiguration: Sendable {
    /// The engine, without a path: `http://127.0.0.1:8080`.
    public var engineURL: String
    public var to = "+15550100"
    public var from = "+15550123"
    /// "AC" and 32 hexadecimal digits.
    public var accountSid: String
    /// "CA" and 32 hexadecimal digits; random by default.
    public var callSid: String
    /// The account's token; nil sends unsigned requests, which only an engine in development takes.
    public var authToken: String?
    /// What the caller says, one utterance per turn. At least one.
    public var utterances: [Utterance]
    public var manner = CallerScript.Manner()
    /// Level above which a frame of the agent is audible, in dBFS; comfort noise and line noise lie below -50.
    public var agentThreshold = -50.0

    public init(engineURL: String, utterances: [Utterance]) {
        self.engineURL =
            engineURL.hasSuffix("/") && !engineURL.hasSuffix("//") ? String(engineURL.dropLast()) : engineURL
        self.utterances = utterances
        accountSid = Self.randomSid("AC")
        callSid = Self.randomSid("CA")
    }

    /// - Throws: `CallError` naming the first thing that cannot work.
    public func validate() throws {
        guard !utterances.isEmpty else { throw CallError.noUtterance }
        guard let url = URL(string: engineURL), url.scheme == "http" || url.scheme == "https", url.host != nil else {
            throw CallError.badURL(engineURL)
        }
        for bargeIn in manner.bargeIns where bargeIn.agentTurn >= utterances.count {
            throw CallError.bargeInWithoutUtterance(agentTurn: bargeIn.agentTurn, utterances: utterances.count)
        }
    }

    static func randomSid(_ prefix: String) -> String {
        let halves = (0..<2).map { _ -> String in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return prefix + halves.joined()
    }
}
