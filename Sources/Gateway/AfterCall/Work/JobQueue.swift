import Actors
import Engine

/// Which jobs run, which wait and for how long. A pure value, told the time.
///
/// A job is started when it is due and a place is free, the one that is due longest first; after a failed attempt it waits a
/// random part of a growing time. Its deadline runs from its first start: time in the queue is not the job's own.
package struct JobQueue {
    package struct Limits: Sendable, Equatable {
        /// Jobs that wait for their first or their next attempt.
        package var waiting = 1000
        package var running = 2
        /// Names remembered, to know work that is told again.
        package var names = 40_000
        /// `budget` is the job's deadline.
        package var retry = RetrySchedule.Settings(
            base: .seconds(2),
            cap: .seconds(300),
            retries: 7,
            budget: .seconds(1800)
        )

        package init() {}

        package init(_ settings: AfterCallSettings) {
            waiting = settings.waitingJobs
            running = settings.runningJobs
            retry.retries = settings.attempts - 1
            retry.budget = .seconds(settings.deadlineSeconds)
        }
    }

    package enum Addition: Sendable, Equatable { case accepted, duplicate, full, closed }

    package struct Start: Sendable, Equatable {
        package var id: String
        /// When the job's time is over.
        package var deadline: MediaInstant

        package init(id: String, deadline: MediaInstant) {
            self.id = id
            self.deadline = deadline
        }
    }

    private struct Entry {
        var number: Int
        var schedule: RetrySchedule
        /// nil while an attempt is under way.
        var due: MediaInstant?
        var deadline: MediaInstant?
    }

    private let limits: Limits
    private let random: UnitRandom
    private var entries: [String: Entry] = [:]
    private var names: RecentNames
    private var next = 0
    private var closesAt: MediaInstant?
    package private(set) var running = 0

    package init(_ limits: Limits = Limits(), random: @escaping UnitRandom = { .random(in: 0..<1) }) {
        self.limits = limits
        self.random = random
        names = RecentNames(limit: limits.names)
    }

    package var count: Int { entries.count }
    package var waiting: Int { entries.count - running }
    /// Nothing is left and nothing more is taken.
    package var isOver: Bool { closesAt != nil && entries.isEmpty }
    package var isClosed: Bool { closesAt != nil }

    /// - Parameter pause: before the first attempt.
    package mutating func add(_ id: String, after pause: Duration = .zero, now: MediaInstant) -> Addition {
        guard closesAt == nil else { return .closed }
        guard waiting < limits.waiting else { return names.holds(id) ? .duplicate : .full }
        guard names.insert(id) else { return .duplicate }
        next += 1
        entries[id] = Entry(
            number: next,
            schedule: RetrySchedule(limits.retry, random: random),
            due: now.advanced(by: pause)
        )
        return .accepted
    }

    /// The jobs whose next attempt begins now; each is under way until `finished` or `failed`.
    package mutating func start(now: MediaInstant) -> [Start] {
        let free = limits.running - running
        guard free > 0 else { return [] }
        let due = entries.filter { $0.value.due.map { $0 <= now } ?? false }
            .sorted { ($0.value.due ?? now, $0.value.number) < ($1.value.due ?? now, $1.value.number) }
        return due.prefix(free).map { id, entry in
            var entry = entry
            let deadline = entry.deadline ?? now.advanced(by: limits.retry.budget)
            // The schedule's budget is the deadline: it runs from here.
            if entry.deadline == nil { entry.schedule.failed(now: now) }
            entry.deadline = deadline
            entry.due = nil
            entries[id] = entry
            running += 1
            return Start(id: id, deadline: deadline)
        }
    }

    package mutating func finished(_ id: String) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        if entry.due == nil { running -= 1 }
    }

    /// - Parameter atLeast: what a vendor asked for.
    /// - Returns: how long the job waits; nil: it is given up, and gone from the queue.
    package mutating func failed(_ id: String, atLeast: Duration = .zero, now: MediaInstant) -> Duration? {
        guard var entry = entries[id], entry.due == nil else { return nil }
        running -= 1
        guard let pause = entry.schedule.delay(atLeast: atLeast, now: now),
            closesAt.map({ now.advanced(by: pause) < $0 }) ?? true
        else {
            entries[id] = nil
            return nil
        }
        entry.due = now.advanced(by: pause)
        entries[id] = entry
        return pause
    }

    /// Nothing more is taken, and what is left has until `limit`.
    /// - Returns: jobs that would not be due by then: gone from the queue.
    package mutating func close(until limit: MediaInstant) -> [String] {
        closesAt = closesAt.map { min($0, limit) } ?? limit
        let late = entries.filter { $0.value.due.map { $0 >= limit } ?? false }.keys.sorted()
        for id in late { entries[id] = nil }
        return late
    }

    /// When `start` is wanted next, or the time is over.
    package var wake: MediaInstant? {
        let due = running < limits.running ? entries.values.compactMap(\.due).min() : nil
        return [due, closesAt].compactMap(\.self).min()
    }

    package func isRunning(_ id: String) -> Bool { entries[id].map { $0.due == nil } ?? false }
    package func isOverdue(now: MediaInstant) -> Bool { closesAt.map { $0 <= now } ?? false }
}
