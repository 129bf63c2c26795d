/// Somebody the tenant knows, as a tool tells the model of them: names and ids, no address, number or payment.
public struct Contact: Sendable, Hashable {
    /// The id at the tenant's own system; never told to the model.
    public var id: String
    public var name: String
    public var patients: [Patient]

    public init(id: String, name: String, patients: [Patient] = []) {
        self.id = id
        self.name = name
        self.patients = patients
    }

    /// Whom an appointment is for: an animal of the contact.
    public struct Patient: Sendable, Hashable {
        public var id: String
        public var name: String
        /// `dog`, `cat`; empty when it is not known.
        public var kind: String

        public init(id: String, name: String, kind: String = "") {
            self.id = id
            self.name = name
            self.kind = kind
        }
    }
}

/// What happened before: a visit, a matter that is open.
public struct ContactCase: Sendable, Hashable {
    public var id: String
    public var patient: String
    /// Seconds since 1970.
    public var openedAt: Double
    /// One line.
    public var summary: String

    public init(id: String, patient: String, openedAt: Double, summary: String) {
        self.id = id
        self.patient = patient
        self.openedAt = openedAt
        self.summary = summary
    }
}

/// Finds contacts, and what is known of them, in the tenant's own records.
public protocol ContactLookup: Sendable {
    /// Everybody with this number; empty when nobody has it.
    ///
    /// - Parameter phone: E.164.
    /// - Throws: `ToolError`.
    func contacts(phone: String) async throws -> [Contact]
}

/// Finds what happened before.
public protocol CaseLookup: Sendable {
    /// The newest first, at most `limit`.
    ///
    /// - Throws: `ToolError`.
    func cases(of contact: Contact, limit: Int) async throws -> [ContactCase]
}
