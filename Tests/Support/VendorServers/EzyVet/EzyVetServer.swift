import Engine
import Foundation
import NIOCore

/// A practice's ezyVet site on loopback, written from its public documentation and not from our client: it issues tokens,
/// knows filters with comparators and pages, refuses what it does not know, and keeps what is booked.
public final class EzyVetServer: Sendable {
    public typealias Record = [String: EzyVetValue]

    public struct Site: Sendable {
        public var contacts: [Record] = []
        public var details: [Record] = []
        public var animals: [Record] = []
        public var consults: [Record] = []
        public var appointments: [Record] = []
        /// Free starts by column and day: `resource_A/2026-11-23` to `09:30:00.000-05:00`.
        public var free: [String: [String]] = [:]
        public var timeZone = "America/New_York"
        public var appointmentType = "appointmentType_Check"
        public var slotMinutes = 20
        /// What a booking makes before it is lost on its way back.
        public var losesBookings = false
    }

    public struct Counts: Sendable, Equatable {
        public var tokens = 0
        public var requests: [String: Int] = [:]
        public var refusals: [String] = []
    }

    struct State: Sendable {
        var site = Site()
        var counts = Counts()
        var faults: [(path: String, fault: VendorFault)] = []
        var validTokens: Set<String> = []
        var nextID: Int64 = 9000
    }

    public static let clientID = "client-1"
    public static let clientSecret = "secret-1"
    public static let partnerID = "partner-1"
    public static let siteUID = "site_1"

    let state = Locked(State())
    private let server = Locked<PlainServer?>(nil)

    public init() async throws {
        let server = try await PlainServer { [self] request, connection in serve(request, connection) }
        self.server.withLock { $0 = server }
    }

    public var url: String { server.withLock { $0?.http } ?? "" }
    public var counts: Counts { state.withLock { $0.counts } }
    public var site: Site { state.withLock { $0.site } }
    public func change(_ change: (inout Site) -> Void) { state.withLock { change(&$0.site) } }

    /// The next request whose path begins so is answered with the fault.
    public func fail(_ path: String, _ fault: VendorFault, times: Int = 1) {
        state.withLock { $0.faults += Array(repeating: (path, fault), count: times) }
    }

    /// Tokens that were issued hold no longer.
    public func revoke() { state.withLock { $0.validTokens = [] } }

    /// Returns once no connection is open.
    public func idle() async { await server.withLock { $0 }?.idle() }
    public func stop() async { await server.withLock { $0 }?.stop() }

    private func serve(_ request: PlainRequest, _ connection: PlainConnection) {
        let fault = state.withLock { state -> VendorFault? in
            state.counts.requests[request.path, default: 0] += 1
            guard let index = state.faults.firstIndex(where: { request.path.hasPrefix($0.path) }) else { return nil }
            return state.faults.remove(at: index).fault
        }
        if let fault { return connection.play(fault) }
        do throws(EzyVetRefusal) {
            let body = try answer(request)
            connection.answer(200, headers: Self.json, body: body.utf8)
        } catch {
            if error.status == 0 { return connection.close() }
            state.withLock { $0.counts.refusals.append("\(request.path): \(error.why)") }
            let body = #"{"meta":[],"items":[],"messages":[{"level":"error","type":"InvalidRequestException"}]}"#
            connection.answer(error.status, headers: Self.json, body: body.utf8)
        }
    }

    private static let json = [("Content-Type", "application/json")]

    private func answer(_ request: PlainRequest) throws(EzyVetRefusal) -> String {
        if request.path == "/v1/oauth/access_token" { return try token(request) }
        guard let header = request.headers.first(name: "Authorization"), header.hasPrefix("Bearer "),
            state.withLock({ $0.validTokens.contains(String(header.dropFirst(7))) })
        else { throw EzyVetRefusal(401, "no valid token") }
        if request.path == "/ezycab/booking" { return try book(request) }
        guard request.method == "GET" else { throw EzyVetRefusal(405, "method") }
        let site = site
        switch request.path {
        case "/v1/contact":
            return try EzyVetList("contact", site.contacts, ["id", "active"]).answer(request.query)
        case "/v1/contactdetail":
            let filters = ["id", "active", "contact_id", "value"]
            return try EzyVetList("contactdetail", site.details, filters).answer(request.query)
        case "/v1/animal":
            return try EzyVetList("animal", site.animals, ["id", "active", "contact_id"]).answer(request.query)
        case "/v1/consult":
            return try EzyVetList("consult", site.consults, ["id", "active", "animal_id"]).answer(request.query)
        case "/v2/appointment":
            let filters = ["id", "active", "contact_id", "animal_id", "uid"]
            return try EzyVetList("appointment", site.appointments, filters).answer(request.query)
        case "/v4/calendar/availability": return try availability(request.query, site)
        default: throw EzyVetRefusal(404, "no such endpoint")
        }
    }

    private func token(_ request: PlainRequest) throws(EzyVetRefusal) -> String {
        guard request.method == "POST", request.headers.first(name: "Content-Type") == "application/json",
            let body = try? JSONDecoder().decode([String: String].self, from: Data(request.body.readableBytesView))
        else { throw EzyVetRefusal(400, "not JSON") }
        let expected = [
            "client_id": Self.clientID, "client_secret": Self.clientSecret, "partner_id": Self.partnerID,
            "site_uid": Self.siteUID, "grant_type": "client_credentials",
        ]
        guard expected.allSatisfy({ body[$0.key] == $0.value }), body["scope"]?.contains("read-contact") == true else {
            throw EzyVetRefusal(400, "wrong credentials")
        }
        let token = state.withLock { state -> String in
            state.counts.tokens += 1
            let token = "token-\(state.counts.tokens)"
            state.validTokens.insert(token)
            return token
        }
        return #"{"access_token":"\#(token)","token_type":"Bearer","expires_in":43200}"#
    }

    private func availability(_ query: [(name: String, value: String)], _ site: Site) throws(EzyVetRefusal) -> String {
        func all(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }
        let (resources, dates) = (all("resources[]"), all("dates[]"))
        guard (1...5).contains(resources.count), (1...7).contains(dates.count),
            let minutes = all("duration").first.flatMap({ Int($0) }), (10...360).contains(minutes), minutes % 5 == 0
        else { throw EzyVetRefusal(400, "columns, days or duration") }
        let type = all("filter[slots.appointmentType.id][in]").first ?? ""
        let rows = resources.flatMap { resource in
            dates.map { date -> String in
                let starts = minutes == site.slotMinutes ? site.free["\(resource)/\(date)"] ?? [] : []
                let slots = starts.map { start in
                    #"{"start":"\#(start)","duration":\#(minutes),"available":true,"relationships":{"appointmentType":"#
                        + #"{"data":[{"id":"\#(site.appointmentType)","type":"appointmentType"}]}}}"#
                }
                let shown = type == site.appointmentType ? slots.joined(separator: ",") : ""
                return #"{"id":"resourceAvailability_1","type":"resourceAvailability","attributes":{"date":"\#(date)","#
                    + #""timezone":"\#(site.timeZone)","slots":[\#(shown)]},"relationships":{"site":{"id":"site_1","#
                    + #""type":"site"},"resource":{"id":"\#(resource)","type":"resource"}}}"#
            }
        }
        return #"{"data":[\#(rows.joined(separator: ","))]}"#
    }

    private struct Booking: Decodable {
        let startTime: String
        let type: String
        let durationMinutes: Int
        let appointmentStatus: String
        let description: String?
        let animal: String
        let contact: String
        let provider: String
    }

    private func book(_ request: PlainRequest) throws(EzyVetRefusal) -> String {
        guard request.method == "POST",
            let booking = try? JSONDecoder().decode(Booking.self, from: Data(request.body.readableBytesView)),
            let start = try? Date(booking.startTime, strategy: .iso8601)
        else { throw EzyVetRefusal(400, "not a booking") }
        let made = state.withLock { state -> (uid: String, isLost: Bool)? in
            let animal = state.site.animals.first { $0["uid"] == .text(booking.animal) }
            let contact = state.site.contacts.first { $0["uid"] == .text(booking.contact) }
            guard let animal, let contact, animal["contact_id"] == contact["id"],
                booking.type == state.site.appointmentType, booking.durationMinutes == state.site.slotMinutes,
                ["confirmed", "unconfirmed"].contains(booking.appointmentStatus)
            else { return nil }
            // A time that is taken is free no more.
            let key = state.site.free.first { entry in
                entry.key.hasPrefix(booking.provider + "/")
                    && entry.value.contains { Self.moment($0, entry.key) == start.timeIntervalSince1970 }
            }?.key
            guard let key else { return nil }
            state.site.free[key]?.removeAll { Self.moment($0, key) == start.timeIntervalSince1970 }
            state.nextID += 1
            let uid = "appointment_\(state.nextID)"
            state.site.appointments.append([
                "id": .number(state.nextID), "uid": .text(uid), "active": .flag(true),
                "start_at": .number(Int64(start.timeIntervalSince1970)),
                "duration": .number(Int64(booking.durationMinutes * 60)), "contact_id": contact["id"] ?? .number(0),
                "animal_id": animal["id"] ?? .number(0), "description": .text(booking.description ?? ""),
            ])
            return (uid, state.site.losesBookings)
        }
        guard let made else { throw EzyVetRefusal(422, "cannot be booked") }
        if made.isLost { throw EzyVetRefusal(0, "lost on its way") }
        return #"{"id":"bookingRequest_1","appointment":"\#(made.uid)"}"#
    }

    /// - Parameter key: `resource/2026-11-23`.
    private static func moment(_ start: String, _ key: String) -> Double? {
        let date = key.split(separator: "/").last ?? ""
        let bare = start.replacing(".000", with: "")
        return (try? Date("\(date)T\(bare)", strategy: .iso8601))?.timeIntervalSince1970
    }
}

struct EzyVetRefusal: Error {
    let status: Int
    let why: String

    init(_ status: Int, _ why: String) { (self.status, self.why) = (status, why) }
}
