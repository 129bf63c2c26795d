import Foundation

/// One notification of RingCentral, whichever form it came in.
package struct RingCentralNotification: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// Telephony session events: the vendor's `parties[]`, or the flat form.
        case parties([PartyChange])
        /// The calls an extension has now; one that is not listed any more is over.
        case presence(extensionID: String, sequence: Int64?, [PartyChange])
        /// The subscription is about to end.
        case reminder
        /// Anything else an account can be told of: nothing of ours.
        case other
    }

    /// Decimal text of up to 63 bits.
    package var uuid: String?
    package var subscriptionID: String?
    package var kind: Kind

    package enum Fault: Error, Equatable {
        case notJSON
        case notAnObject
    }

    package init(kind: Kind) { self.kind = kind }

    /// More parties than this in one notification are not believed; the vendor sends one.
    package static let maximumParties = 32

    /// Never fails for what is merely unknown or missing: only for what is no JSON object.
    package init(parsing body: [UInt8]) throws(Fault) {
        let json: RingCentralJSON
        do { json = try RingCentralJSON(parsing: body) } catch { throw .notJSON }
        guard case .object = json else { throw .notAnObject }
        uuid = json["uuid"]?.string
        subscriptionID = json["subscriptionId"]?.string
        let event = json["event"]?.string ?? ""
        guard let body = json["body"], case .object = body else {
            kind = Self.isReminder(event) ? .reminder : .other
            return
        }
        let sentAt = json["timestamp"]?.string.flatMap(Self.date)
        if Self.isReminder(event) {
            kind = .reminder
        } else if case .list(let items)? = body["activeCalls"] {
            kind = .presence(
                extensionID: body["extensionId"]?.string ?? "",
                sequence: body["sequence"]?.integer,
                items.prefix(Self.maximumParties).compactMap {
                    PartyChange(flat: $0, extensionID: body["extensionId"]?.string, at: sentAt)
                }
            )
        } else if case .list(let parties)? = body["parties"] {
            kind = .parties(parties.prefix(Self.maximumParties).compactMap { PartyChange(party: $0, in: body, sentAt) })
        } else if let change = PartyChange(flat: body, extensionID: body["extensionId"]?.string, at: sentAt) {
            kind = .parties([change])
        } else {
            kind = .other
        }
    }

    private static func isReminder(_ event: String) -> Bool { event.hasPrefix("/restapi/v1.0/subscription/~") }

    static func date(_ text: String) -> Date? {
        guard text.utf8.count <= 40 else { return nil }
        return (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle().parse(text))
    }
}

/// What happened to one party of a telephony session.
package struct PartyChange: Equatable, Sendable {
    package enum Direction: Equatable, Sendable { case inbound, outbound }

    /// What a party is doing. `unknown`: a code that is not documented; it says nothing.
    package enum Status: Equatable, Sendable {
        case setup, proceeding, answered, hold, parked, disconnected, gone, voicemail, screening, fax, unknown

        package var isOver: Bool { self == .disconnected || self == .gone }
    }

    /// Why a party's part ended, as far as the call's outcome depends on it.
    package enum Reason: Equatable, Sendable { case noAnswer, busy, canceled, failed, voicemail }

    package struct Recording: Equatable, Sendable {
        package var id: String
        package var isActive: Bool

        package init(id: String, isActive: Bool) {
            self.id = id
            self.isActive = isActive
        }
    }

    package var session: String
    package var party: String
    /// The vendor's order within the session; the flat form and presence have none.
    package var sequence: Int64?
    package var at: Date?
    package var direction: Direction?
    package var extensionID: String?
    /// E.164, or an internal number. Personal data.
    package var from: String?
    package var to: String?
    package var status: Status
    package var reason: Reason?
    /// The caller is one of the account's own extensions.
    package var isFromExtension = false
    package var isMissed = false
    package var recordings: [Recording] = []

    /// The number at the end of `p-…-2` and `cs…-2`: 1 is the party that began the session.
    package var index: Int? { party.split(separator: "-").last.flatMap { Int($0) } }

    package init(session: String, party: String, status: Status) {
        self.session = session
        self.party = party
        self.status = status
    }

    /// One of the vendor's `parties[]`.
    init?(party json: RingCentralJSON, in body: RingCentralJSON, _ sentAt: Date?) {
        guard let session = Self.identifier(body["telephonySessionId"]), let party = Self.identifier(json["id"]) else {
            return nil
        }
        let status = json["status"]
        self.init(session: session, party: party, status: Self.status(status?["code"]?.string))
        sequence = body["sequence"]?.integer
        at = body["eventTime"]?.string.flatMap(RingCentralNotification.date) ?? sentAt
        reason = Self.reason(status?["reason"]?.string)
        read(json)
        extensionID = json["extensionId"]?.string
    }

    /// The flat form, and one of a presence event's `activeCalls[]`: `telephonyStatus` and `partyId` side by side.
    init?(flat json: RingCentralJSON, extensionID: String?, at time: Date?) {
        guard let session = Self.identifier(json["telephonySessionId"]), let party = Self.identifier(json["partyId"]),
            let status = json["telephonyStatus"]?.string
        else { return nil }
        self.init(session: session, party: party, status: Self.presence(status))
        at = json["eventTime"]?.string.flatMap(RingCentralNotification.date) ?? time
        read(json)
        self.extensionID = json["extensionId"]?.string ?? extensionID
    }

    private mutating func read(_ json: RingCentralJSON) {
        direction = Self.direction(json["direction"]?.string)
        from = Self.number(json["from"])
        to = Self.number(json["to"])
        isFromExtension = json["from"]?["extensionId"]?.string != nil
        isMissed = json["missedCall"]?.bool ?? false
        recordings = (json["recordings"]?.items ?? []).prefix(16).compactMap { item in
            Self.identifier(item["id"]).map { Recording(id: $0, isActive: item["active"]?.bool ?? false) }
        }
    }

    /// Ids go into request paths and into the book: visible ASCII, not longer than any the vendor makes.
    private static func identifier(_ json: RingCentralJSON?) -> String? {
        guard let text = json?.string, text.utf8.count <= 128, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return text
    }

    /// `{"phoneNumber": …}`, or the number itself.
    private static func number(_ json: RingCentralJSON?) -> String? {
        guard let text = json?["phoneNumber"]?.string ?? json?.string, text.utf8.count <= 64 else { return nil }
        return text
    }

    private static func direction(_ text: String?) -> Direction? {
        switch text?.lowercased() {
        case "inbound": .inbound
        case "outbound": .outbound
        default: nil
        }
    }

    /// Without case, and in both of the vendor's spellings.
    static func status(_ code: String?) -> Status {
        switch code?.lowercased() {
        case "setup": .setup
        case "proceeding": .proceeding
        case "answered": .answered
        case "hold": .hold
        case "parked": .parked
        case "disconnected": .disconnected
        case "gone": .gone
        case "voicemail": .voicemail
        case "voicemailscreening", "vmscreening": .screening
        case "faxreceive": .fax
        default: .unknown
        }
    }

    /// The vocabulary of presence.
    static func presence(_ status: String) -> Status {
        switch status.lowercased() {
        case "ringing": .proceeding
        case "callconnected": .answered
        case "onhold": .hold
        case "parkedcall": .parked
        case "nocall": .disconnected
        default: .unknown
        }
    }

    static func reason(_ text: String?) -> Reason? {
        switch text?.lowercased() {
        case "noanswer", "timeout", "rejected": .noAnswer
        case "targetbusy": .busy
        case "cancelled", "canceled", "calldropped": .canceled
        case "voicemail": .voicemail
        case "internalerror", "invalidnumber", "internationaldisabled", "destinationblocked", "notenoughfunds",
            "nosuchuser":
            .failed
        default: nil
        }
    }
}
