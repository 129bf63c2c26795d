/// Keeps one webhook subscription alive: what to ask the vendor next, and when. A pure value, told the time.
///
/// Nothing is told when a subscription is blacklisted, so its state is asked for every few minutes; a blacklisted one is
/// deleted and made again with the same address.
package struct SubscriptionMachine: Equatable, Sendable {
    package enum Request: Equatable, Sendable {
        /// List the subscriptions there are.
        case find
        case create
        /// Write ours over one that was there: the engine was restarted, or a token was rotated.
        case update(String)
        case renew(String)
        case poll(String)
        case delete(String)
    }

    package struct Info: Equatable, Sendable {
        package var id: String
        package var isActive: Bool
        package var lifetime: Duration

        package init(id: String, isActive: Bool, lifetime: Duration) {
            self.id = id
            self.isActive = isActive
            self.lifetime = lifetime
        }
    }

    package enum Answer: Equatable, Sendable {
        /// Those with our address.
        case found([Info])
        case subscribed(Info)
        case deleted
        case failed(RingCentralError)
    }

    private enum State: Equatable, Sendable {
        case unknown
        /// These are in the way; afterwards `keep` is ours, or a new one is made.
        case tidying([String], keep: String?)
        case adopting(String)
        case absent
        case active(String, renewAt: ContinuousClock.Instant, pollAt: ContinuousClock.Instant)
    }

    package static let pollInterval = Duration.seconds(240)
    /// Renewed in the last quarter of its life, at most a day before its end.
    static let longestLead = Duration.seconds(86_400)
    static let firstPause = Duration.seconds(30)
    static let longestPause = Duration.seconds(900)

    private var state = State.unknown
    private var retryAt: ContinuousClock.Instant?
    private var failures = 0
    private var lastError: RingCentralError?

    package init() {}

    /// What to ask now; nil: nothing before `deadline`.
    package func request(now: ContinuousClock.Instant) -> Request? {
        if let retryAt, now < retryAt { return nil }
        switch state {
        case .unknown: return .find
        case .tidying(let ids, let keep):
            return ids.first.map { .delete($0) } ?? keep.map { .update($0) } ?? .create
        case .adopting(let id): return .update(id)
        case .absent: return .create
        case .active(let id, let renewAt, let pollAt):
            return now >= renewAt ? .renew(id) : now >= pollAt ? .poll(id) : nil
        }
    }

    /// When there is something to ask; nil: now.
    package var deadline: ContinuousClock.Instant? {
        guard case .active(_, let renewAt, let pollAt) = state else { return retryAt }
        let due = min(renewAt, pollAt)
        return retryAt.map { max($0, due) } ?? due
    }

    package mutating func handle(_ answer: Answer, to request: Request, now: ContinuousClock.Instant) {
        if case .failed(let error) = answer, error != .gone { return pause(error, now) }
        retryAt = nil
        failures = 0
        lastError = nil
        switch (answer, request) {
        case (.found(let all), _):
            let keep = all.first(where: \.isActive)?.id
            let others = all.map(\.id).filter { $0 != keep }
            state = others.isEmpty ? keep.map { .adopting($0) } ?? .absent : .tidying(others, keep: keep)
        case (.subscribed(let info), _):
            state = info.isActive ? active(info, now) : .tidying([info.id], keep: nil)
        case (.deleted, .delete(let id)), (.failed, .delete(let id)):
            if case .tidying(let ids, let keep) = state {
                let rest = ids.filter { $0 != id }
                state = rest.isEmpty ? keep.map { .adopting($0) } ?? .absent : .tidying(rest, keep: keep)
            }
        case (.failed, .update), (.failed, .renew), (.failed, .poll): state = .absent
        // "Not found" for a list or a creation is no answer to either.
        case (.failed(let error), .find), (.failed(let error), .create): pause(error, now)
        case (.deleted, _): state = .absent
        }
    }

    /// The vendor says that the subscription is about to end.
    package mutating func remind(now: ContinuousClock.Instant) {
        guard case .active(let id, _, let pollAt) = state else { return }
        state = .active(id, renewAt: now, pollAt: pollAt)
    }

    /// For `status`: constant words and the vendor's code.
    package var summary: String {
        let trouble = lastError.map { error in
            "; last attempt: \(error.label)" + (error.vendorCode.map { " (\($0))" } ?? "")
        }
        let word =
            switch state {
            case .unknown, .adopting: "starting"
            case .tidying: "being replaced"
            case .absent: "missing"
            case .active: "active"
            }
        return word + (trouble ?? "")
    }

    private func active(_ info: Info, _ now: ContinuousClock.Instant) -> State {
        let lead = min(info.lifetime / 4, Self.longestLead)
        return .active(
            info.id,
            renewAt: now.advanced(by: info.lifetime - lead),
            pollAt: now.advanced(by: Self.pollInterval)
        )
    }

    private mutating func pause(_ error: RingCentralError, _ now: ContinuousClock.Instant) {
        lastError = error
        var pause = min(Self.firstPause * (1 << min(failures, 5)), Self.longestPause)
        switch error {
        case .rateLimited(let wanted): pause = max(pause, wanted)
        case .credentials, .notConfigured: pause = Self.longestPause
        case .gone, .refused, .unreachable, .badAnswer, .cancelled: break
        }
        failures += 1
        retryAt = now.advanced(by: pause)
    }
}
