import Engine

/// What decides about one streamed answer: which attempts are made, what of them is passed on, when it is over. A value that
/// is told the time; `Relay` carries out what it wants.
protocol RelayMachine: Sendable {
    associatedtype Request: Sendable
    associatedtype Delta: Sendable

    var leg: LegKind { get }
    var providers: [String] { get }
    /// When `.timeout` is to be given.
    var deadline: MediaInstant? { get }
    mutating func begin(now: MediaInstant) -> [RelayOutput<Request, Delta>]
    mutating func handle(_ input: RelayInput<Delta>, now: MediaInstant) -> [RelayOutput<Request, Delta>]
    /// The reader is gone, or the answer is over: what was lent is given back.
    mutating func close(now: MediaInstant)
}

enum RelayInput<Delta: Sendable>: Sendable {
    /// The attempt's stream is open.
    case opened(Int)
    case delta(Int, Delta)
    case ended(Int)
    case failed(Int, LegError)
    case timeout
}

enum RelayOutput<Request: Sendable, Delta: Sendable>: Sendable {
    case start(attempt: Int, provider: Int, Request)
    case cancel(attempt: Int)
    case emit(Delta)
    /// Last.
    case finish
    /// Last.
    case fail(LegError)
}

/// Runs the attempts a machine asks for, each in a task of its own, and passes on what it lets through.
///
/// The reader's cancellation reaches every attempt's stream at once, on the thread that cancels. No attempt is waited for: one
/// that does not heed its cancellation holds nobody up.
struct Relay<Machine: RelayMachine>: Sendable {
    typealias Stream = AsyncThrowingStream<Machine.Delta, any Error>

    let time: any SupervisionTime
    let open: @Sendable (_ provider: Int, Machine.Request) async throws -> Stream

    func stream(_ machine: Machine) -> Stream {
        let (stream, output) = Stream.makeStream()
        let attempts = RunningTasks()
        let supervisor = time.task { await run(machine, attempts, output) }
        output.onTermination = { _ in
            supervisor.cancel()
            attempts.close()
        }
        return stream
    }

    private func run(_ initial: Machine, _ attempts: RunningTasks, _ output: Stream.Continuation) async {
        var machine = initial
        let (inputs, mailbox) = AsyncStream.makeStream(of: RelayInput<Machine.Delta>.self)
        let alarm = Alarm(time) { mailbox.yield(.timeout) }
        var isOver = perform(machine.begin(now: time.now), machine, attempts, mailbox, output)
        alarm.set(isOver ? nil : machine.deadline)
        var next = inputs.makeAsyncIterator()
        while !isOver, let input = await next.next() {
            isOver = perform(machine.handle(input, now: time.now), machine, attempts, mailbox, output)
            alarm.set(isOver ? nil : machine.deadline)
        }
        alarm.cancel()
        attempts.close()
        machine.close(now: time.now)
        output.finish(throwing: CancellationError())
    }

    /// - Returns: true once the answer is over.
    private func perform(
        _ outputs: [RelayOutput<Machine.Request, Machine.Delta>],
        _ machine: Machine,
        _ attempts: RunningTasks,
        _ mailbox: AsyncStream<RelayInput<Machine.Delta>>.Continuation,
        _ output: Stream.Continuation
    ) -> Bool {
        for wanted in outputs {
            switch wanted {
            case .start(let attempt, let provider, let request):
                let (leg, name) = (machine.leg, machine.providers[provider])
                attempts.add(
                    attempt,
                    time.task {
                        do {
                            let stream = try await open(provider, request)
                            mailbox.yield(.opened(attempt))
                            for try await delta in stream { mailbox.yield(.delta(attempt, delta)) }
                            if !Task.isCancelled { mailbox.yield(.ended(attempt)) }
                        } catch {
                            if !Task.isCancelled { mailbox.yield(.failed(attempt, LegError(leg, name, error))) }
                        }
                    }
                )
            case .cancel(let attempt): attempts.cancel(attempt)
            case .emit(let delta): output.yield(delta)
            case .finish:
                output.finish()
                return true
            case .fail(let error):
                output.finish(throwing: error)
                return true
            }
        }
        return false
    }
}

/// Tasks that one place starts and another may have to end.
final class RunningTasks: Sendable {
    private let state = Locked((tasks: [Int: Task<Void, Never>](), isClosed: false))

    func add(_ number: Int, _ task: Task<Void, Never>) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.tasks[number] = task }
            return state.isClosed
        }
        if isClosed { task.cancel() }
    }

    func cancel(_ number: Int) {
        state.withLock { $0.tasks.removeValue(forKey: number) }?.cancel()
    }

    func close() {
        let tasks = state.withLock { state in
            state.isClosed = true
            defer { state.tasks = [:] }
            return state.tasks.values
        }
        for task in tasks { task.cancel() }
    }
}
