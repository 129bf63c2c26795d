import Actors

/// What an operator asks for, read from a request's body and checked. Pure.
enum CallCommand: Equatable {
    /// `brief`: nil connects at once.
    case transfer(number: String, announcement: String?, brief: String?)
    case hangUp
    case say(String)
    /// `0-9 * # w`.
    case digits(String)

    static let textBytes = 2000
    /// What Twilio's `SendDigits` takes, and more than anybody dials.
    static let digitCount = 32

    static func transfer(_ body: [UInt8], tenant: TenantProfile?) throws(APIError) -> CallCommand {
        let fields = try JSONFields(body, names: ["number", "name", "kind", "brief", "say"])
        let named = try fields.text("name", atMost: 64)
        let given = try fields.phoneNumber("number")
        guard (named == nil) != (given == nil) else {
            throw JSONFields.fault("number", "or name is wanted, and not both")
        }
        var target: TenantProfile.Transfer?
        if let named { target = try find(named, tenant) }
        guard let number = given ?? target?.number else { throw JSONFields.fault("number", "is missing") }
        let brief = try fields.text("brief", atMost: textBytes) ?? target?.brief
        let announcement = try fields.text("say", atMost: textBytes) ?? target?.say
        switch try fields.text("kind", atMost: 16) {
        case nil: return .transfer(number: number, announcement: announcement, brief: brief)
        case "blind": return .transfer(number: number, announcement: announcement, brief: nil)
        case "warm":
            guard let brief else {
                throw JSONFields.fault("brief", "is missing: a warm transfer tells the person something")
            }
            return .transfer(number: number, announcement: announcement, brief: brief)
        default: throw JSONFields.fault("kind", "is blind or warm")
        }
    }

    /// A number of the tenant's profile.
    private static func find(_ name: String, _ tenant: TenantProfile?) throws(APIError) -> TenantProfile.Transfer {
        if let known = tenant?.transfers[name] { return known }
        let names = tenant?.transfers.keys.sorted() ?? []
        let known = names.isEmpty ? "it names no numbers" : "it names \(names.joined(separator: ", "))"
        throw JSONFields.fault("name", "is not one of the tenant's profile; \(known)")
    }

    static func say(_ body: [UInt8]) throws(APIError) -> CallCommand {
        .say(try JSONFields(body, names: ["text"]).required("text", atMost: textBytes))
    }

    static func hangUp(_ body: [UInt8]) throws(APIError) -> CallCommand {
        _ = try JSONFields(body, names: [])
        return .hangUp
    }

    static func digits(_ body: [UInt8]) throws(APIError) -> CallCommand {
        let digits = try JSONFields(body, names: ["digits"]).required("digits", atMost: digitCount)
        guard digits.allSatisfy({ "0123456789*#w".contains($0) }) else {
            throw JSONFields.fault("digits", "are made of 0-9, *, # and w (half a second of silence)")
        }
        return .digits(digits)
    }
}

/// Somebody to be called, read from a request's body and checked. Pure.
struct OutboundCall: Equatable {
    var to: String
    var from: String
    var tenant: String
    var provider: String

    /// - Parameters:
    ///   - claims: a token calls for its own tenant only.
    ///   - tenant: a tenant's profile, by its id.
    ///   - providers: those that can call, the first one being asked when the request names none.
    init(
        _ body: [UInt8],
        claims: OperatorTokens.Claims,
        tenant find: (String) -> TenantProfile?,
        providers: [String]
    ) throws(APIError) {
        let fields = try JSONFields(body, names: ["to", "from", "tenant", "provider"])
        guard let to = try fields.phoneNumber("to") else { throw JSONFields.fault("to", "is missing") }
        let own = claims.tenant == "*" ? nil : claims.tenant
        guard let id = try fields.text("tenant", atMost: 128) ?? own else {
            throw JSONFields.fault("tenant", "is missing")
        }
        // Another tenant's is as unknown as none.
        guard own == nil || own == id, let profile = find(id) else {
            throw APIError(.notFound, "unknown_tenant", "There is no such tenant.")
        }
        let provider = try fields.text("provider", atMost: 32)
        if let provider, !TelephonyProviders.names.contains(provider) {
            throw JSONFields.fault("provider", "is one of \(TelephonyProviders.names.joined(separator: ", "))")
        }
        guard let chosen = provider ?? providers.first else {
            throw APIError(.serviceUnavailable, "not_configured", "No provider is configured that could call.")
        }
        self.to = to
        self.from = try Self.caller(try fields.phoneNumber("from"), profile)
        self.tenant = id
        self.provider = chosen
    }

    /// A tenant calls from its own numbers. One that takes every number (`*`) may name any.
    private static func caller(_ given: String?, _ tenant: TenantProfile) throws(APIError) -> String {
        let own = tenant.numbers.filter(PhoneNumberText.isE164)
        guard let given else {
            if let first = own.first { return first }
            throw JSONFields.fault("from", "is missing, and the tenant's profile has no number of its own")
        }
        guard own.contains(given) || tenant.numbers.contains("*") else {
            throw JSONFields.fault("from", "is not one of the tenant's numbers")
        }
        return given
    }
}
