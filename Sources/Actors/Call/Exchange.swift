import Engine
import Logging

/// What stands behind each leg of a call.
public struct LegSet: Sendable {
    public var transcriber: any Transcriber
    public var model: any DialogueModel
    public var synthesizer: any Synthesizer

    public init(transcriber: any Transcriber, model: any DialogueModel, synthesizer: any Synthesizer) {
        self.transcriber = transcriber
        self.model = model
        self.synthesizer = synthesizer
    }
}

/// The engine's calls: admits them, places them on workers, counts them and drains them.
public final class Exchange: Sendable {
    public struct Configuration: Sendable {
        public var maximumCalls: Int
        /// When calls run their echo canceller.
        public var echo: EchoConfiguration.Mode
        /// What tells a tenant's whole sentences from those that go on: the rules of its language, or somebody else's.
        public var judge: @Sendable (TenantProfile) -> any SentenceJudge

        public init(
            maximumCalls: Int = 200,
            echo: EchoConfiguration.Mode = .auto,
            judge: @escaping @Sendable (TenantProfile) -> any SentenceJudge = { WordListJudge(language: $0.language) }
        ) {
            self.maximumCalls = maximumCalls
            self.echo = echo
            self.judge = judge
        }
    }

    /// Why a call was not admitted.
    public enum Refusal: String, Error, Sendable {
        case full, draining
        /// The media workers, or the leg workers, have no time left for one more.
        case overloaded
        /// The tenant holds as many calls as its profile allows (`limits.calls`).
        case tenantFull = "tenant_full"
    }

    /// A call the exchange holds.
    public struct LiveCall: Sendable {
        public let identity: CallIdentity
        public let clock: CallClock
        public let conversation: Conversation
        public let call: CallActor
    }

    fileprivate struct State {
        var calls: [String: LiveCall] = [:]
        var admitted = 0
        /// Places of each tenant, claimed ones that have not started yet included.
        var held: [String: Int] = [:]
        /// Of those, the ones no call was started on yet.
        var claimed: [String: Int] = [:]
        var isDraining = false
        var emptied: [CheckedContinuation<Void, Never>] = []
    }

    public let configuration: Configuration
    public let media: WorkerGroup
    public let legs: WorkerGroup
    public let meters: ActorMeters
    public let pipelineMeters = PipelineMeters()
    public let overflows = RingOverflows()
    private let legsOf: @Sendable (TenantProfile) -> LegSet
    private let observer: any CallObserver
    /// nil: no call is recorded or captured.
    public let recorders: CallRecorders?
    private let sounds: SoundLibrary?
    private let state = Locked(State())

    public convenience init(
        configuration: Configuration,
        media: WorkerGroup,
        legs: WorkerGroup,
        meters: ActorMeters,
        legSet: LegSet,
        observer: any CallObserver,
        recorders: CallRecorders? = nil,
        sounds: SoundLibrary? = nil
    ) {
        self.init(
            configuration: configuration,
            media: media,
            legs: legs,
            meters: meters,
            legsOf: { _ in legSet },
            observer: observer,
            recorders: recorders,
            sounds: sounds
        )
    }

    /// - Parameter legsOf: which legs a tenant's calls have; asked when a call starts, quick and without waiting.
    public init(
        configuration: Configuration,
        media: WorkerGroup,
        legs: WorkerGroup,
        meters: ActorMeters,
        legsOf: @escaping @Sendable (TenantProfile) -> LegSet,
        observer: any CallObserver,
        recorders: CallRecorders? = nil,
        sounds: SoundLibrary? = nil
    ) {
        self.configuration = configuration
        self.media = media
        self.legs = legs
        self.meters = meters
        self.legsOf = legsOf
        self.observer = observer
        self.recorders = recorders
        self.sounds = sounds
    }

    /// Calls that hold a place, those still being set up included.
    public var activeCalls: Int { state.withLock { $0.admitted } }
    /// The workers have no time left for one more call. Of the leg workers what is measured counts: what a call costs them comes in
    /// bursts, and does not foretell what those will cost that have just come.
    private var isOverloaded: Bool { media.isOverloaded || legs.workers.allSatisfy(\.isOverloaded) }
    /// A call would be admitted now.
    public var hasRoom: Bool {
        !isOverloaded && state.withLock { !$0.isDraining && $0.admitted < configuration.maximumCalls }
    }
    /// A call of this tenant would be admitted now.
    public func hasRoom(for profile: TenantProfile) -> Bool {
        guard hasRoom else { return false }
        guard let limit = profile.limits.calls else { return true }
        return activeCalls(of: profile.id) < limit
    }
    /// Places of one tenant.
    public func activeCalls(of tenant: String) -> Int { state.withLock { $0.held[tenant] ?? 0 } }
    /// For readiness: `ready`, or why no call would be admitted.
    public var status: String {
        if isDraining { return "draining" }
        if isOverloaded { return "overloaded" }
        return hasRoom ? "ready" : "full"
    }
    public var isDraining: Bool { state.withLock { $0.isDraining } }
    public var liveCalls: [LiveCall] { state.withLock { Array($0.calls.values) } }

    /// Takes a place, or refuses: the limit is exact, decided under one lock.
    public func admit() throws(Refusal) {
        if isOverloaded { throw .overloaded }
        let refusal: Refusal? = state.withLock { state in
            if state.isDraining { return .draining }
            guard state.admitted < configuration.maximumCalls else { return .full }
            state.admitted += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Makes a place taken with `admit` a place of this tenant: the limit is exact, decided under the same lock. `start`
    /// uses the claim up; one that comes to nothing is given back with `release(tenant:)`.
    ///
    /// - Parameter limit: `limits.calls` of the tenant's profile as it is now; nil sets none.
    /// - Throws: `tenantFull`; the engine's place is then still the caller's to release.
    public func claim(tenant: String, limit: Int?) throws(Refusal) {
        let isFull = state.withLock { state in
            let held = state.held[tenant] ?? 0
            if let limit, held >= limit { return true }
            state.held[tenant] = held + 1
            state.claimed[tenant, default: 0] += 1
            return false
        }
        if isFull { throw .tenantFull }
    }

    /// Gives back a place that did not become a call.
    /// - Parameter tenant: whose place it is, when it was claimed.
    public func release(tenant: String? = nil) {
        leave { state in
            if let tenant {
                state.unclaim(tenant)
                state.leave(tenant)
            }
            return true
        }
    }

    /// Starts a call on a place taken with `admit` and claimed for its tenant. Quick and without waiting: it may be called
    /// on an event loop. A tenant without a limit needs no claim.
    /// - Parameters:
    ///   - callerNumber: E.164; nil when it was withheld or is not known.
    ///   - providerSendsKeys: the provider tells of pressed keys; otherwise they are listened for in the sound.
    ///   - announcesConsent: the agent itself announces that the call is recorded; the provider's verbs have not.
    ///   - marksAreModelled: the provider acknowledges nothing; its framing returns marks when they should have played.
    ///   - handOverTime: how long the provider may take to move the call once `CallHappening.handingOver` told it to; the
    ///     caller hears hold music meanwhile. Zero, or a tenant without hold music: the media closes, and the provider's
    ///     next verb moves the call.
    ///   - ends: receives the socket's ends of the call's rings.
    /// - Returns: the call's clock.
    @discardableResult public func start(
        _ identity: CallIdentity,
        profile: TenantProfile,
        callerNumber: String? = nil,
        providerSendsKeys: Bool = true,
        announcesConsent: Bool = false,
        marksAreModelled: Bool = false,
        handOverTime: Duration = .zero,
        outbound: any OutboundSignal,
        ends: inout CallEnds?
    ) -> CallClock {
        let clock = CallClock()
        let legSet = legsOf(profile)
        let worker = media.place()
        let legWorker = legs.place()
        var configuration = PipelineConfiguration(profile, providerSendsKeys: providerSendsKeys)
        configuration.echo.mode = self.configuration.echo
        configuration.isRecorded = recorders?.kinds.contains(.recording) ?? false
        // What is written before the caller knows, or has agreed, is nothing; a capture must be whole, so there is none.
        let asksFirst = profile.consent.map { $0.kind == .ask || announcesConsent } ?? false
        let gate = RecordingGate(isOpen: !asksFirst)
        let tenantSounds = sounds?.sounds(of: profile)
        var line = ConversationLine()
        line.announcesConsent = announcesConsent
        line.marksAreModelled = marksAreModelled
        line.holdMusic = tenantSounds?.holdMusic
        // Without music the caller would wait in silence: the provider's own ringing is better.
        line.handOverTime = line.holdMusic == nil ? .zero : handOverTime
        line.filler = tenantSounds?.filler
        let media = CallMedia.make(
            configuration: configuration,
            meters: pipelineMeters,
            overflows: overflows,
            isCaptured: !asksFirst && recorders?.kinds.contains(.capture) ?? false,
            shelf: tenantSounds?.shelf ?? .empty,
            ends: &ends
        )
        guard let frames = ends?.frames.take(), let speech = ends?.speech.take(), let events = ends?.events.take(),
            let commands = ends?.commands.take()
        else { preconditionFailure("a new call's rings are whole") }
        let finishRecording = recorders?.record(
            identity.id,
            tap: ends?.tap.take(),
            capture: ends?.capture.take(),
            gate: gate
        )
        let (inputs, output) = AsyncStream.makeStream(
            of: ConversationInput.self,
            bufferingPolicy: .bufferingNewest(4096)
        )
        let stt = TranscriberLeg(worker: legWorker, clock: clock, meters: meters, frames: frames, output: output)
        let llm = DialogueLeg(
            worker: legWorker,
            meters: meters,
            model: legSet.model,
            request: DialogueRequest(profile: profile, call: identity, callerNumber: callerNumber),
            output: output
        )
        let mark = legWorker.newMark()
        let tts = SpeechLeg(
            worker: legWorker,
            mark: mark,
            clock: clock,
            meters: meters,
            synthesizer: legSet.synthesizer,
            profile: profile,
            ring: speech,
            output: output
        )
        let conversation = Conversation(
            identity: identity,
            profile: profile,
            line: line,
            judge: self.configuration.judge(profile),
            worker: legWorker,
            mark: mark,
            clock: clock,
            meters: meters,
            observer: observer,
            stt: stt,
            llm: llm,
            tts: tts,
            events: events,
            commands: commands,
            inputs: inputs,
            output: output,
            startRecording: { gate.open() },
            onEnd: { [weak self] _ in
                finishRecording?()
                self?.ended(identity)
            }
        )
        let call = CallActor(
            worker: worker,
            legWorker: legWorker,
            legMark: mark,
            clock: clock,
            outbound: outbound,
            media: media
        )
        state.withLock { state in
            if !state.unclaim(identity.tenant) {
                assert(profile.limits.calls == nil, "a call of a tenant with a limit starts on a claimed place")
                state.held[identity.tenant, default: 0] += 1
            }
            state.calls[identity.id] = LiveCall(
                identity: identity,
                clock: clock,
                conversation: conversation,
                call: call
            )
        }
        Task {
            // While the greeting is spoken from the cache, what the first turn needs is opened.
            async let model: Void = legSet.model.warm(profile)
            async let voice: Void = legSet.synthesizer.warm(profile)
            _ = await (model, voice)
        }
        let transcriber = legSet.transcriber
        Task {
            await conversation.open()
            legWorker.attach(conversation, mark: mark)
            legWorker.attach(stt, mark: mark)
            legWorker.attach(tts, mark: mark)
            worker.attach(call)
            await stt.open(transcriber, TranscriptionRequest(profile: profile, sampleRate: Frame.sampleRate))
        }
        return clock
    }

    /// Ends a call from outside.
    public func end(_ id: String, _ reason: EndReason) {
        guard let call = state.withLock({ $0.calls[id] }) else { return }
        Task { await call.conversation.end(reason) }
    }

    /// Tells a live call what an operator or a provider wants of it. Quick and without waiting.
    /// - Returns: false when there is no such call.
    @discardableResult public func instruct(_ id: String, _ instruction: CallInstruction) -> Bool {
        guard let call = state.withLock({ $0.calls[id] }) else { return false }
        Task { await call.conversation.instruct(instruction) }
        return true
    }

    /// Admits no more calls, waits until the last one has ended, and ends what is left after `grace`.
    public func drain(grace: Duration) async {
        let last = state.withLock { state in
            state.isDraining = true
            return state.admitted == 0
        }
        if last { return }
        let closer = Task {
            try await Task.sleep(for: grace)
            for call in liveCalls { await call.conversation.end(.drained) }
        }
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.admitted == 0 { return true }
                state.emptied.append(continuation)
                return false
            }
            if isEmpty { continuation.resume() }
        }
        closer.cancel()
    }

    private func ended(_ identity: CallIdentity) {
        leave { state in
            guard state.calls.removeValue(forKey: identity.id) != nil else { return false }
            state.leave(identity.tenant)
            return true
        }
    }

    /// - Parameter isLeaving: takes out what holds the place; false when nothing does any more.
    private func leave(_ isLeaving: (inout State) -> Bool) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard isLeaving(&state) else { return [] }
            state.admitted -= 1
            guard state.admitted == 0 else { return [] }
            defer { state.emptied = [] }
            return state.emptied
        }
        for continuation in waiting { continuation.resume() }
    }
}

extension Exchange.State {
    /// - Returns: whether the tenant had a claimed place.
    @discardableResult fileprivate mutating func unclaim(_ tenant: String) -> Bool {
        guard let count = claimed[tenant] else { return false }
        claimed[tenant] = count > 1 ? count - 1 : nil
        return true
    }

    /// Tenants without a call leave no entry behind.
    fileprivate mutating func leave(_ tenant: String) {
        guard let count = held[tenant] else { return }
        held[tenant] = count > 1 ? count - 1 : nil
    }
}
