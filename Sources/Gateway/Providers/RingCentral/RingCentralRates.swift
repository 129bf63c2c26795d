/// RingCentral's limits per group of requests, as far as its answers tell them. A pure value, told the time.
///
/// - Source: RingCentral, "Rate limits" (2026-04-28): counts per user and application in windows of 60 s, and a penalty that
///   every request sent during it starts anew. So nothing is sent during one.
package struct RingCentralRates: Equatable, Sendable {
    package enum Group: String, CaseIterable, Sendable {
        case light, medium, heavy, auth

        /// Requests in a window, before an answer has told.
        var defaultLimit: Int {
            switch self {
            case .light: 50
            case .medium: 40
            case .heavy: 10
            case .auth: 5
            }
        }
    }

    package enum Admission: Equatable, Sendable {
        case go
        case wait(until: ContinuousClock.Instant)
    }

    /// What an answer tells of its group.
    package struct Notice: Equatable, Sendable {
        package var isRefused = false
        /// Seconds.
        package var retryAfter: Int?
        package var limit: Int?
        package var remaining: Int?
        /// Seconds.
        package var window: Int?

        package init() {}
    }

    /// Without a Retry-After.
    package static let defaultPenalty = 30
    /// A longer one is not believed.
    private static let longest = 3600

    private struct Window: Equatable, Sendable {
        var start: ContinuousClock.Instant
        var length: Int
        var limit: Int
        var used = 0
        var penaltyEnd: ContinuousClock.Instant?
    }
    private var windows: [Group: Window] = [:]

    package init() {}

    /// - Returns: `.go` has counted the request.
    package mutating func admit(_ group: Group, now: ContinuousClock.Instant) -> Admission {
        var window = current(group, now)
        defer { windows[group] = window }
        if let end = window.penaltyEnd {
            if now < end { return .wait(until: end) }
            window.penaltyEnd = nil
            window.used = 0
            window.start = now
        }
        guard window.used < window.limit else {
            return .wait(until: window.start.advanced(by: .seconds(window.length)))
        }
        window.used += 1
        return .go
    }

    package mutating func note(_ notice: Notice, for group: Group, now: ContinuousClock.Instant) {
        var window = current(group, now)
        if let limit = notice.limit, limit > 0 { window.limit = min(limit, 100_000) }
        if let length = notice.window, length > 0 { window.length = min(length, Self.longest) }
        // Other nodes share the account's count, so the vendor's is believed where it is the smaller rest.
        if let remaining = notice.remaining, remaining >= 0 {
            window.used = max(window.used, window.limit - remaining)
        }
        if notice.isRefused {
            let seconds = min(max(notice.retryAfter ?? Self.defaultPenalty, 1), Self.longest)
            let end = now.advanced(by: .seconds(seconds))
            window.penaltyEnd = window.penaltyEnd.map { max($0, end) } ?? end
        }
        windows[group] = window
    }

    private func current(_ group: Group, _ now: ContinuousClock.Instant) -> Window {
        guard var window = windows[group] else {
            return Window(start: now, length: 60, limit: group.defaultLimit)
        }
        if now >= window.start.advanced(by: .seconds(window.length)) {
            window.start = now
            window.used = 0
        }
        return window
    }
}
