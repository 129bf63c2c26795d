import Foundation
import Synchronization

/// Answers to requests with an `Idempotency-Key`, so that one that is sent again is not done again
/// (draft-ietf-httpapi-idempotency-key-header-06).
package final class IdempotencyKeys: Sendable {
    package struct Answer: Sendable, Equatable {
        package var status: Int
        package var json: String
        package var retryAfter: Int?
        package var location: String?

        package init(status: Int, json: String, retryAfter: Int? = nil, location: String? = nil) {
            self.status = status
            self.json = json
            self.retryAfter = retryAfter
            self.location = location
        }
    }

    package enum Entry: Sendable, Equatable {
        /// Do it, then `finish`.
        case new
        /// Done before: this was the answer.
        case answered(Answer)
        /// The same request is being done right now.
        case busy
        /// The key was used for another request.
        case reused
        /// So many are being done that none can be remembered.
        case full
    }

    private struct Record {
        var fingerprint: [UInt8]
        var answer: Answer?
        var began: Date
    }
    private struct State {
        var records: [String: Record] = [:]
        /// In the order they began.
        var order: [String] = []
    }

    private let state = Mutex(State())
    private let limit: Int
    private let lifetime: TimeInterval

    /// - Parameters:
    ///   - limit: keys remembered; the oldest answered one is forgotten first.
    ///   - lifetime: seconds a key is remembered.
    package init(limit: Int = 1000, lifetime: TimeInterval = 24 * 3600) {
        self.limit = max(1, limit)
        self.lifetime = lifetime
    }

    /// - Parameters:
    ///   - key: with whose it is: two operators may choose the same.
    ///   - fingerprint: of the request.
    package func begin(_ key: String, fingerprint: [UInt8], now: Date) -> Entry {
        state.withLock { state in
            if let known = state.records[key], now.timeIntervalSince(known.began) < lifetime {
                guard known.fingerprint == fingerprint else { return .reused }
                return known.answer.map(Entry.answered) ?? .busy
            }
            Self.forget(key, in: &state)
            guard makeRoom(in: &state) else { return .full }
            state.records[key] = Record(fingerprint: fingerprint, answer: nil, began: now)
            state.order.append(key)
            return .new
        }
    }

    /// - Parameter answer: nil: it failed in a way that may be tried again; the key is free.
    package func finish(_ key: String, _ answer: Answer?) {
        state.withLock { state in
            if let answer { state.records[key]?.answer = answer } else { Self.forget(key, in: &state) }
        }
    }

    private func makeRoom(in state: inout State) -> Bool {
        guard state.records.count >= limit else { return true }
        guard let oldest = state.order.first(where: { state.records[$0]?.answer != nil }) else { return false }
        Self.forget(oldest, in: &state)
        return true
    }

    private static func forget(_ key: String, in state: inout State) {
        guard state.records.removeValue(forKey: key) != nil else { return }
        state.order.removeAll { $0 == key }
    }
}
