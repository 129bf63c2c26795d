import Actors
import Logging

/// Decides what becomes work when a call is over. Quick: webhooks and calls tell it and go on.
package final class AfterCallDesk: Sendable {
    package let held = HeldCalls()
    private let settings: EngineSettings
    private let worker: AfterCallWorker
    private let tenants: @Sendable (String) -> TenantProfile?
    private let legs: @Sendable (TenantProfile) -> AfterCallLegs

    /// - Parameters:
    ///   - tenants: a tenant's profile as it is now.
    ///   - legs: who works on a tenant's calls.
    package init(
        settings: EngineSettings,
        worker: AfterCallWorker,
        tenants: @escaping @Sendable (String) -> TenantProfile?,
        legs: @escaping @Sendable (TenantProfile) -> AfterCallLegs
    ) {
        self.settings = settings
        self.worker = worker
        self.tenants = tenants
        self.legs = legs
    }

    private var mode: AfterCallSettings.Mode { settings.afterCall.mode }

    /// Somebody would transcribe a recording of this tenant's.
    package func transcribes(_ tenant: String) -> Bool {
        mode != .off && tenants(tenant).map { !legs($0).transcribers.isEmpty } ?? false
    }

    /// Collects what is said in the agent's calls, and brings each here when it is over.
    ///
    /// - Parameter heardBy: who transcribes a tenant's live calls.
    package func conversations(heardBy: @escaping @Sendable (TenantProfile) -> String) -> any CallObserver {
        HeldConversations(
            hears: { [tenants] tenant in
                // A tenant that is gone cannot say that callers need not be asked.
                guard let profile = tenants(tenant) else { return ("", true) }
                return (heardBy(profile), profile.consent?.kind == .ask)
            },
            ended: { [self] in ended($0) }
        )
    }

    /// A provider's event: a recording that is there becomes work. RingCentral's come fetched, by `take`.
    package func told(_ news: CallBook.News) {
        guard case .recording(let recording) = news.event.kind, news.entry.call.provider != "ringcentral",
            transcribes(news.entry.tenant)
        else { return }
        worker.add(
            AfterCallJob(
                call: news.entry.call,
                tenant: news.entry.tenant,
                kind: .recording,
                recordingID: recording.id,
                progress: .told(recording)
            )
        )
    }

    /// A recording that was fetched already.
    ///
    /// - Parameter tenant: nil: the call is not known any more, and nobody's.
    /// - Throws: when it could not be kept: asking for it again may help.
    package func take(_ recording: RingCentralRecording, tenant: String?, steps: AfterCallSteps) throws {
        let call = ProviderCallKey(provider: "ringcentral", id: recording.session)
        let kept: KeptRecording
        do {
            kept = try steps.keep(recording.bytes, id: recording.id, of: call)
        } catch {
            // What it is does not change: only a full disk is asked for again.
            guard !error.isPassing else { throw error }
            return worker.refuse(call, tenant: tenant ?? "", error)
        }
        let job = AfterCallJob(
            call: call,
            tenant: tenant ?? "",
            kind: .recording,
            recordingID: recording.id,
            progress: .fetched(kept)
        )
        guard let tenant, transcribes(tenant) else { return steps.discard(job) }
        switch worker.add(job) {
        case .accepted, .duplicate: break
        case .full, .closed: steps.discard(job)
        }
    }

    /// A recording that could not be fetched.
    package func lost(session: String, tenant: String?) {
        guard let tenant, transcribes(tenant) else { return }
        worker.meters.add(.recording, .failed)
    }

    /// A call that the agent held is over.
    package func ended(_ ended: HeldConversations.Ended) {
        let call = ProviderCallKey(provider: ended.call.provider, id: ended.call.providerCallID)
        guard mode != .off else { return }
        guard let transcript = ended.transcript else {
            held.note(.unwanted, call)
            return worker.meters.add(.conversation, .skipped)
        }
        guard transcript.lines.contains(where: { $0.speaker == .caller }) else {
            return worker.meters.add(.conversation, .skipped)
        }
        if ended.goesOn { held.uncover(call) } else { held.note(.covered, call) }
        let isHeardAgain = mode == .all && settings.isRecording && transcribes(ended.call.tenant)
        worker.add(
            AfterCallJob(
                call: call,
                tenant: ended.call.tenant,
                kind: isHeardAgain ? .recording : .conversation,
                mediaCall: ended.call.id,
                progress: isHeardAgain ? .recorded(mediaCall: ended.call.id) : .transcribed(transcript),
                fallback: isHeardAgain ? transcript : nil
            ),
            after: isHeardAgain ? AfterCallWorker.settling : .zero
        )
    }
}
