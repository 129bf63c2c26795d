import Actors

/// One practice's ezyVet site, and how much of it may be asked.
public struct EzyVetConfiguration: Sendable {
    /// `https://api.ezyvet.com`, or `https://api.trial.ezyvet.com`.
    public var baseURL = "https://api.ezyvet.com"
    /// Bookings have a host of their own: `https://apiv2.ezyvet.com`, or `https://apiv2.trial.ezyvet.com`.
    public var bookingBaseURL = "https://apiv2.ezyvet.com"
    public var clientID: String
    public var clientSecret: String
    public var partnerID: String
    public var siteUID: String
    /// What the token is for; ezyVet asks that every scope of the integration be named.
    public var scopes = [
        "read-contact", "read-contactdetail", "read-animal", "read-appointment", "read-consult", "read-calendar",
        "create-booking",
    ]
    /// What callers may book: each with the `uid` of an appointment type.
    public var services: [AppointmentService] = []
    /// `uid`s of the calendar's columns that callers may be booked into.
    public var resources: [String] = []
    /// Of the practice's own numbers, without a plus: practices write those without it (`1`, `44`, `64`).
    public var countryCode: String
    /// What a new appointment is marked as.
    public var bookedAs = "unconfirmed"

    /// For one request.
    public var timeout = Duration.seconds(6)
    /// A request that is told to wait is sent again after at most this.
    public var longestWait = Duration.seconds(2)
    /// Records on a page (200 at most) and pages of one question.
    public var pageSize = 100
    public var pages = 5
    /// Largest answer that is read.
    public var responseBytes = 2 << 20

    public init(
        clientID: String,
        clientSecret: String,
        partnerID: String,
        siteUID: String,
        countryCode: String
    ) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.partnerID = partnerID
        self.siteUID = siteUID
        self.countryCode = countryCode
    }
}
