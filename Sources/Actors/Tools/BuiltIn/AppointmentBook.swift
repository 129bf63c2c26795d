/// What can be booked: one of the tenant's kinds of appointments.
public struct AppointmentService: Sendable, Hashable {
    /// As callers and the model name it: `check-up`.
    public var name: String
    public var minutes: Int
    /// The id at the tenant's own system.
    public var id: String

    public init(name: String, minutes: Int, id: String) {
        self.name = name
        self.minutes = minutes
        self.id = id
    }
}

public struct Appointment: Sendable, Hashable {
    public var id: String
    /// Seconds since 1970.
    public var startsAt: Double
    public var minutes: Int
    /// The patient's id at the tenant's own system.
    public var patientID: String

    public init(id: String, startsAt: Double, minutes: Int, patientID: String) {
        self.id = id
        self.startsAt = startsAt
        self.minutes = minutes
        self.patientID = patientID
    }
}

public struct AppointmentRequest: Sendable, Hashable {
    public var service: AppointmentService
    /// Seconds since 1970; a free time.
    public var startsAt: Double
    public var contact: Contact
    public var patient: Contact.Patient
    /// In the caller's words, one line.
    public var reason: String
    /// A repetition with the same key finds the appointment that the first one made.
    public var idempotencyKey: String

    public init(
        service: AppointmentService,
        startsAt: Double,
        contact: Contact,
        patient: Contact.Patient,
        reason: String,
        idempotencyKey: String
    ) {
        self.service = service
        self.startsAt = startsAt
        self.contact = contact
        self.patient = patient
        self.reason = reason
        self.idempotencyKey = idempotencyKey
    }
}

/// The tenant's calendar.
public protocol AppointmentBook: Sendable {
    /// Never empty for a calendar that can be booked.
    var services: [AppointmentService] { get }
    /// Starts of free times on a day of the tenant's own calendar, in order, as seconds since 1970.
    ///
    /// - Throws: `ToolError`.
    func freeTimes(on day: CivilDay, for service: AppointmentService) async throws -> [Double]
    /// Those that have not begun at `now`, the next one first.
    ///
    /// - Throws: `ToolError`.
    func upcoming(of contact: Contact, now: Double) async throws -> [Appointment]
    /// - Throws: `ToolError`; `refused` when the time was taken meanwhile.
    func book(_ request: AppointmentRequest) async throws -> Appointment
}
