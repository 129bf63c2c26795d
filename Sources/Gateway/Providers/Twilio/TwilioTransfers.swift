import Actors
import Logging
import Synchronization

/// Moves Twilio's calls to persons while the engine keeps the callers company: one `TransferMachine` per call, told what
/// webhooks and the REST API say. One call has one transfer at a time.
package final class TwilioTransfers: CallMover {
    /// What the calls are moved with.
    package struct Means: Sendable {
        var rest: TwilioREST
        var answers: TwilioAnswers
        var book: CallBook
        var tenant: @Sendable (String) -> TenantProfile?
        /// Closes a call's media, by the engine's id of it.
        var closeMedia: @Sendable (String) -> Void
        /// What the person has to answer in.
        var limit: Duration
        /// Transfers remembered, those that are over included.
        var remembered = 4096

        package init(
            rest: TwilioREST,
            answers: TwilioAnswers,
            book: CallBook,
            tenant: @escaping @Sendable (String) -> TenantProfile?,
            limit: Duration,
            closeMedia: @escaping @Sendable (String) -> Void
        ) {
            self.rest = rest
            self.answers = answers
            self.book = book
            self.tenant = tenant
            self.limit = limit
            self.closeMedia = closeMedia
        }
    }

    /// What a person who has answered is to hear.
    package enum PersonAnswer: Equatable, Sendable {
        /// Asked again in a moment: the call is not known yet to be ours.
        case wait
        case brief(String)
        case conference
        case hangUp
    }

    /// What a caller gets whose stream is over.
    package enum CallerAnswer: Equatable, Sendable {
        case conference
        /// The person was called in vain.
        case unanswered(String)
    }

    fileprivate struct Transfer {
        let number: Int
        let call: CallIdentity
        let brief: String?
        var machine: TransferMachine
    }

    private struct State {
        var transfers: [String: Transfer] = [:]
        var order: [String] = []
        var count = 0
    }

    enum Work: Sendable {
        case place(NewLeg)
        case carryOut(TransferMachine.Output)
    }

    struct NewLeg: Sendable {
        let to: String
        let from: String
    }

    struct Job: Sendable {
        let call: CallIdentity
        /// Of the transfer: what comes late is not the next one's.
        let number: Int
        let work: Work
    }

    /// Requests that wait for their turn; more are refused, and their callers go another way.
    private static let queued = 1024

    let means: Means
    let logger: Logger
    private let state = Mutex(State())
    private let jobs: AsyncStream<Job>
    private let queue: AsyncStream<Job>.Continuation

    package init(_ means: Means, logger: Logger) {
        self.means = means
        self.logger = logger
        (jobs, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.queued))
    }

    /// Carries out what is wanted of Twilio, until cancelled. Called once.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs { group.addTask { await self.perform(job) } }
            group.cancelAll()
        }
    }

    // MARK: What the conversation tells

    package func handOver(_ call: CallIdentity, to number: String, brief: String?) {
        let now = ContinuousClock.now
        let answerBy = now.advanced(by: means.limit)
        let begun = state.withLock { state -> Int? in
            let id = call.providerCallID
            if let known = state.transfers[id], !known.machine.isOver { return nil }
            state.count += 1
            if state.transfers[id] == nil { state.order.append(id) }
            state.transfers[id] = Transfer(
                number: state.count,
                call: call,
                brief: brief,
                machine: TransferMachine(answerBy: answerBy)
            )
            if state.order.count > means.remembered { state.transfers[state.order.removeFirst()] = nil }
            return state.count
        }
        guard let begun else { return }
        guard PhoneNumberText.isE164(number), let from = ownNumber(in: call) else {
            logger.notice(
                "transfer left to Twilio's own verbs: no number to call from",
                metadata: ["call.id": "\(call.id)"]
            )
            return feed(call, begun, .notPlaced)
        }
        add(Job(call: call, number: begun, work: .place(NewLeg(to: number, from: from))))
        add(Job(call: call, number: begun, work: .carryOut(.wake(answerBy))))
    }

    package func mediaEnded(_ call: CallIdentity) {
        // A later socket of the same call is not disturbed by the end of an earlier one.
        feed(call.providerCallID, .mediaEnded) { $0.call.id == call.id }
    }

    /// The number of ours in the call: an account may call from its own numbers only.
    private func ownNumber(in call: CallIdentity) -> String? {
        let entry = means.book.entry(ProviderCallKey(provider: call.provider, id: call.providerCallID))
        let told = entry.flatMap { $0.direction == .outbound ? $0.from : $0.to }
        return ([told].compactMap(\.self) + (means.tenant(call.tenant)?.numbers ?? [])).first(
            where: PhoneNumberText.isE164
        )
    }

    // MARK: What Twilio tells

    /// A person has answered.
    package func answered(_ call: String, leg: String) -> PersonAnswer {
        feed(call, .answered(leg: leg))
        guard let transfer = transfer(call) else { return .hangUp }
        if transfer.machine.isPlacing { return .wait }
        if transfer.machine.isBriefing(leg) {
            if let brief = transfer.brief, !brief.isEmpty { return .brief(brief) }
            return briefed(call, leg: leg)
        }
        return transfer.machine.isInConference(leg) ? .conference : .hangUp
    }

    /// A person has heard the brief.
    package func briefed(_ call: String, leg: String) -> PersonAnswer {
        feed(call, .briefed(leg: leg))
        return transfer(call)?.machine.isInConference(leg) ?? false ? .conference : .hangUp
    }

    package func legEnded(_ call: String, leg: String, status: String) {
        feed(call, .legEnded(leg: leg, status: status))
    }

    /// What a caller gets whose stream is over; nil for one whose transfer Twilio's own verbs have to make.
    package func next(_ call: String) -> CallerAnswer? {
        feed(call, .callerAsks)
        guard let machine = transfer(call)?.machine else { return nil }
        if machine.isInConference() { return .conference }
        guard case .unanswered(let status)? = machine.ending else { return nil }
        return .unanswered(status)
    }

    /// The call is being moved, or has been.
    package func isUnderWay(_ call: String) -> Bool { transfer(call).map { !$0.machine.isOver } ?? false }

    private func transfer(_ call: String) -> Transfer? { state.withLock { $0.transfers[call] } }

    // MARK: Turning

    func feed(_ call: CallIdentity, _ number: Int, _ input: TransferMachine.Input) {
        feed(call.providerCallID, input) { $0.number == number }
    }

    private func feed(_ call: String, _ input: TransferMachine.Input, where isMeant: (Transfer) -> Bool = { _ in true })
    {
        let step = state.withLock { state -> (transfer: Transfer, outputs: [TransferMachine.Output])? in
            guard var transfer = state.transfers[call], isMeant(transfer) else { return nil }
            let outputs = transfer.machine.handle(input, now: .now)
            state.transfers[call] = transfer
            return (transfer, outputs)
        }
        guard let step else { return }
        for output in step.outputs {
            guard output != .closeMedia else {
                means.closeMedia(step.transfer.call.id)
                continue
            }
            add(Job(call: step.transfer.call, number: step.transfer.number, work: .carryOut(output)))
        }
    }

    private func add(_ job: Job) {
        guard case .dropped = queue.yield(job) else { return }
        logger.warning("transfer work dropped: the queue is full", metadata: ["call.id": "\(job.call.id)"])
        switch job.work {
        case .place: feed(job.call, job.number, .notPlaced)
        case .carryOut(.moveCaller): feed(job.call, job.number, .notMoved(.refused))
        case .carryOut: break
        }
    }
}
