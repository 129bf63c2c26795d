import HTTPTypes
import Synchronization

/// One account's rate limits, shared by everything that sends requests to it.
package final class RingCentralGate: Sendable {
    private let rates = Mutex(RingCentralRates())
    private let time: VendorTime

    package init(time: VendorTime = .real) { self.time = time }

    /// Whether a request may wait for its turn.
    package enum Patience: Sendable {
        /// An operator waits for the answer.
        case none
        case asLongAsItTakes
    }

    /// Returns when a request of this group may be sent.
    func enter(_ group: RingCentralRates.Group, _ patience: Patience) async throws(RingCentralError) {
        while true {
            let now = time.now()
            guard case .wait(let end) = rates.withLock({ $0.admit(group, now: now) }) else { return }
            guard patience == .asLongAsItTakes else { throw .rateLimited(retryAfter: now.duration(to: end)) }
            do { try await time.sleep(end) } catch { throw .cancelled }
        }
    }

    func note(_ response: VendorResponse, _ group: RingCentralRates.Group) {
        var notice = RingCentralRates.Notice()
        notice.isRefused = response.status.code == 429
        notice.retryAfter = Self.number(response, "Retry-After")
        notice.limit = Self.number(response, "X-Rate-Limit-Limit")
        notice.remaining = Self.number(response, "X-Rate-Limit-Remaining")
        notice.window = Self.number(response, "X-Rate-Limit-Window")
        // The vendor may have moved the request to another group than its pages say.
        let told = HTTPField.Name("X-Rate-Limit-Group").flatMap { response.headers[$0] }
            .flatMap { RingCentralRates.Group(rawValue: $0.lowercased()) }
        let now = time.now()
        rates.withLock { rates in
            rates.note(notice, for: told ?? group, now: now)
            // And a refused one must not be sent again under the group it was counted in.
            if notice.isRefused, let told, told != group {
                var penalty = RingCentralRates.Notice()
                penalty.isRefused = true
                penalty.retryAfter = notice.retryAfter
                rates.note(penalty, for: group, now: now)
            }
        }
    }

    private static func number(_ response: VendorResponse, _ name: String) -> Int? {
        HTTPField.Name(name).flatMap { response.headers[$0] }.flatMap { Int($0) }
    }
}
