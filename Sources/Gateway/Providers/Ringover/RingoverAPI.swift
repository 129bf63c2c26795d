import Foundation
import HTTPTypes
import Synchronization

/// Ringover's REST API, as far as it is used: `POST /callback` rings a Ringover user first, then the number.
///
/// - Source: integrators' notes on the vendor's OpenAPI document: the key stands in `Authorization` without `Bearer`, and a
///   key may make two requests per second.
package final class RingoverAPI: Sendable {
    private let key: String
    private let baseURL: String
    private let transport: any VendorTransport
    private let pace = Mutex(RequestPace(interval: .milliseconds(500)))
    /// Seconds the user's telephone rings: the vendor takes 20 to 300.
    private static let ringSeconds = 60

    /// - Returns: nil without a key.
    package init?(settings: RingoverSettings, _ transport: any VendorTransport) {
        guard let key = settings.apiKey else { return nil }
        self.key = key
        var base = settings.baseURL
        while base.hasSuffix("/") { base.removeLast() }
        baseURL = base
        self.transport = transport
    }

    /// - Parameters:
    ///   - number: who is called, E.164.
    ///   - from: one of the account's own numbers, E.164; the vendor's choice when it is empty.
    /// - Returns: the provider's id of the call.
    package func callBack(_ number: String, from: String) async throws(ControlError) -> String {
        guard let to = RingoverNumber.bare(number), from.isEmpty || RingoverNumber.bare(from) != nil else {
            throw ControlError(.failed, "A number is not E.164: write it like +33184800001.")
        }
        let origin = RingoverNumber.bare(from).map { #""from_number":\#($0),"# } ?? ""
        let body = #"{\#(origin)"to_number":\#(to),"timeout":\#(Self.ringSeconds),"device":"ALL"}"#
        try await waitForTurn()
        let response: VendorResponse
        do {
            response = try await transport.send(
                VendorRequest(
                    .post,
                    baseURL + "/callback",
                    headers: [.authorization: key, .contentType: "application/json", .accept: "application/json"],
                    body: Array(body.utf8)
                )
            )
        } catch {
            throw ControlError(.failed, "Ringover could not be reached: \(error.message)")
        }
        guard response.status.kind == .successful else { throw Self.error(response) }
        guard let id = (try? JSONValue(parsing: response.body))?["call_id"]?.word else {
            throw ControlError(.failed, "Ringover accepted the call and named none: its answer has no call_id.")
        }
        return id
    }

    private func waitForTurn() async throws(ControlError) {
        let now = ContinuousClock.now
        switch pace.withLock({ $0.next(now: now) }) {
        case .turn(let instant):
            do {
                try await Task.sleep(until: instant, clock: .continuous)
            } catch {
                throw ControlError(.failed, "The request was cancelled.")
            }
        case .tooMany(let wait):
            throw ControlError(.rateLimited, "Ringover takes two requests per second.", retryAfter: wait)
        }
    }

    private static func error(_ response: VendorResponse) -> ControlError {
        switch response.status.code {
        case 401, 403:
            return ControlError(
                .failed,
                "Ringover refused the key: RINGOVER_API_KEY is wrong, or lacks the right to place calls."
            )
        case 429:
            let wait = response.headers[.retryAfter].flatMap { Int($0) } ?? 1
            return ControlError(.rateLimited, "Ringover takes two requests per second.", retryAfter: .seconds(wait))
        default:
            return ControlError(.failed, "Ringover answered \(response.status.code).")
        }
    }
}

/// Gives requests their turn, one per interval. Told the time.
package struct RequestPace: Sendable {
    package enum Answer: Sendable, Equatable {
        case turn(ContinuousClock.Instant)
        /// The queue is longer than anybody would wait.
        case tooMany(wait: Duration)
    }

    private let interval: Duration
    private let patience: Duration
    private var next: ContinuousClock.Instant?

    package init(interval: Duration, patience: Duration = .seconds(5)) {
        self.interval = interval
        self.patience = patience
    }

    package mutating func next(now: ContinuousClock.Instant) -> Answer {
        let turn = max(next ?? now, now)
        let wait = now.duration(to: turn)
        guard wait <= patience else { return .tooMany(wait: wait) }
        next = turn.advanced(by: interval)
        return .turn(turn)
    }
}
