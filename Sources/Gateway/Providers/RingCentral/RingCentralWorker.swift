import Logging
import Synchronization

/// Carries out what webhooks only decided: calls that ring, recordings, the clock of the sessions. Runs until cancelled.
package final class RingCentralWorker: Sendable {
    /// Requests to the vendor at a time; further work waits in the queue.
    static let maximumRequests = 16
    static let queued = 1024
    /// How often the sessions are told the time: a ring's cycle and an end's patience are seconds.
    static let tick = Duration.milliseconds(250)

    private let queue: AsyncStream<TelephonySessions.Work>.Continuation
    private let items: AsyncStream<TelephonySessions.Work>
    private let schedule = Mutex(RecordingSchedule())
    private let time: VendorTime
    private let logger: Logger

    package init(time: VendorTime = .real, logger: Logger) {
        (items, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.queued))
        self.time = time
        self.logger = logger
    }

    /// What the work needs.
    package struct Means: Sendable {
        var sessions: TelephonySessions
        var control: RingCentralControl
        /// Requests can be sent at all.
        var hasAccount: Bool { control.isConfigured }
        var subscription: RingCentralSubscription?
        /// nil: recordings stay with the vendor.
        var recordings: RingCentralRecordings?
        var keep: @Sendable (RingCentralRecording) async throws -> Void
        /// Told the session of a recording that was given up.
        var lost: @Sendable (String) -> Void

        package init(
            sessions: TelephonySessions,
            control: RingCentralControl,
            subscription: RingCentralSubscription?,
            recordings: RingCentralRecordings?,
            keep: @escaping @Sendable (RingCentralRecording) async throws -> Void,
            lost: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.sessions = sessions
            self.control = control
            self.subscription = subscription
            self.recordings = recordings
            self.keep = keep
            self.lost = lost
        }
    }

    /// Takes work and returns at once.
    package func add(_ work: TelephonySessions.Work) {
        if case .dropped = queue.yield(work) { logger.warning("RingCentral work dropped: the queue is full") }
    }

    package func run(_ means: Means) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepTime(means) }
            group.addTask { await self.fetchRecordings(means) }
            var running = 0
            for await item in items {
                if Task.isCancelled { break }
                switch item {
                case .checkSubscription: means.subscription?.remind()
                case .fetch(let session, let recording): plan(session, recording, means)
                case .act, .ask:
                    if running >= Self.maximumRequests {
                        await group.next()
                        running -= 1
                    }
                    running += 1
                    group.addTask { await self.request(item, means) }
                }
            }
            group.cancelAll()
        }
    }

    private func keepTime(_ means: Means) async {
        var asked = time.now()
        while !Task.isCancelled {
            let now = time.now()
            means.sessions.expire(now: now)
            if means.hasAccount, asked.duration(to: now) >= .seconds(60) {
                asked = now
                means.sessions.askAboutQuiet(now: now)
            }
            do { try await time.sleep(now.advanced(by: Self.tick)) } catch { return }
        }
    }

    /// One after the other: ten requests a minute are all the vendor allows.
    private func fetchRecordings(_ means: Means) async {
        while !Task.isCancelled {
            let now = time.now()
            for item in schedule.withLock({ $0.due(now: now) }) {
                if Task.isCancelled { return }
                await fetch(item, means)
            }
            do { try await time.sleep(now.advanced(by: .seconds(1))) } catch { return }
        }
    }

    // MARK: Calls

    private func request(_ work: TelephonySessions.Work, _ means: Means) async {
        switch work {
        case .act(let session, let party, let actions): await act(session, party, actions, means)
        case .ask(let session):
            // Any failure but "not found" says nothing: the call is asked about again later.
            if (try? await means.control.isKnown(session)) == false {
                means.sessions.vanished(session, now: time.now())
            }
        case .fetch, .checkSubscription: break
        }
    }

    private func act(_ session: String, _ party: String, _ actions: [RingCentralPolicy.Action], _ means: Means) async {
        for action in actions {
            // Somebody may have answered while the request waited for its turn.
            guard means.sessions.session(session)?.ringing.contains(where: { $0.party == party }) ?? false else {
                return
            }
            do {
                try await means.control.carryOut(action, session: session, party: party)
                means.sessions.acted(on: session)
                return logger.info(
                    "RingCentral call routed",
                    metadata: ["call.provider_id": "\(session)", "action": "\(action.label)"]
                )
            } catch {
                logger.warning(
                    "RingCentral call not routed",
                    metadata: [
                        "call.provider_id": "\(session)", "action": "\(action.label)", "error.code": "\(error.label)",
                        "error.vendor_code": "\(error.vendorCode ?? "-")",
                    ]
                )
                if error == .gone { return }
            }
        }
    }

    // MARK: Recordings

    private func plan(_ session: String, _ recording: String, _ means: Means) {
        let item = RecordingSchedule.Item(session: session, recording: recording)
        let now = time.now()
        guard means.recordings != nil, schedule.withLock({ $0.add(item, now: now) }) else {
            return means.sessions.settled(recording, of: session)
        }
    }

    private func fetch(_ item: RecordingSchedule.Item, _ means: Means) async {
        guard let recordings = means.recordings else { return }
        let isTriedAgain: Bool
        do {
            try await means.keep(try await recordings.fetch(item.recording, of: item.session))
            schedule.withLock { $0.fetched(item) }
            isTriedAgain = false
        } catch {
            let now = time.now()
            let isLasting = (error as? RingCentralError)?.isLasting ?? false
            isTriedAgain = schedule.withLock { $0.failed(item, isLasting: isLasting, now: now) }
            if !isTriedAgain {
                means.lost(item.session)
                logger.warning(
                    "RingCentral recording given up",
                    metadata: [
                        "call.provider_id": "\(item.session)",
                        "error.code": "\((error as? RingCentralError)?.label ?? "storage")",
                    ]
                )
            }
        }
        if !isTriedAgain { means.sessions.settled(item.recording, of: item.session) }
    }
}

extension RingCentralError {
    /// Asking for a recording again cannot help. Not found is not lasting: it may appear.
    fileprivate var isLasting: Bool {
        switch self {
        case .refused(let status, _): status == 403
        case .notConfigured: true
        case .credentials, .rateLimited, .gone, .unreachable, .badAnswer, .cancelled: false
        }
    }
}

extension RingCentralPolicy.Action {
    /// Without the number.
    fileprivate var label: String {
        switch self {
        case .answer: "answer"
        case .forward: "forward"
        case .voicemail: "voicemail"
        }
    }
}
