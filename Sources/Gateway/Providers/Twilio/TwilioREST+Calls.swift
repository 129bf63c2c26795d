/// Calls.
extension TwilioREST {
    /// Characters Twilio takes as a document in a request.
    package static let documentLimit = 4000

    package enum Change: Sendable, Equatable {
        /// New instructions replace the running ones at once; a stream ends with them.
        case document(TwiML)
        /// The same, asked for at an address of ours.
        case url(String)
        /// Ends it, whether it rings or talks.
        case complete
        /// Ends it only while it is queued or rings.
        case cancel
    }

    package struct NewCall: Sendable, Equatable {
        /// E.164.
        package var to: String
        /// A number of the account's, E.164.
        package var from: String
        /// Asked for instructions when somebody has answered.
        package var url: String
        package var statusCallback: String?
        /// Seconds it rings.
        package var timeout: Int?
        /// Seconds it may last.
        package var timeLimit: Int?
        /// `0-9 * # w W` pressed when somebody has answered; at most 32.
        package var sendDigits: String?

        package init(
            to: String,
            from: String,
            url: String,
            statusCallback: String? = nil,
            timeout: Int? = nil,
            timeLimit: Int? = nil,
            sendDigits: String? = nil
        ) {
            self.to = to
            self.from = from
            self.url = url
            self.statusCallback = statusCallback
            self.timeout = timeout
            self.timeLimit = timeLimit
            self.sendDigits = sendDigits
        }
    }

    /// A call as Twilio knows it; a moment late, says the vendor.
    package struct Call: Sendable, Equatable, Decodable {
        package var sid: String
        /// A word of the CallStatus set.
        package var status: String
    }

    package func update(_ call: String, _ change: Change) async throws(TwilioRESTError) {
        var form: [(String, String)]
        var isHarmless = false
        switch change {
        case .document(let document):
            let xml = document.xml
            guard xml.utf16.count <= Self.documentLimit else { throw TwilioRESTError(cause: .tooLong) }
            form = [("Twiml", xml)]
        case .url(let url): form = [("Url", url), ("Method", "POST")]
        case .complete:
            form = [("Status", "completed")]
            isHarmless = true
        case .cancel:
            form = [("Status", "canceled")]
            isHarmless = true
        }
        _ = try await send(.post, "/Calls/\(checked(call)).json", form: form, isHarmless: isHarmless)
    }

    /// - Returns: the new call's id.
    package func create(_ call: NewCall) async throws(TwilioRESTError) -> String {
        var form = [("To", call.to), ("From", call.from), ("Url", call.url), ("Method", "POST")]
        if let callback = call.statusCallback {
            form += [("StatusCallback", callback), ("StatusCallbackMethod", "POST")]
            form += TwiML.CallEvent.allCases.map { ("StatusCallbackEvent", $0.rawValue) }
        }
        if let timeout = call.timeout { form.append(("Timeout", String(min(max(1, timeout), 600)))) }
        if let timeLimit = call.timeLimit { form.append(("TimeLimit", String(timeLimit))) }
        if let digits = call.sendDigits { form.append(("SendDigits", String(digits.prefix(32)))) }
        let response = try await send(.post, "/Calls.json", form: form, isHarmless: false)
        return try checked(json(response, as: Call.self).sid)
    }

    package func fetch(_ call: String) async throws(TwilioRESTError) -> Call {
        try json(try await send(.get, "/Calls/\(checked(call)).json", isHarmless: true), as: Call.self)
    }
}
