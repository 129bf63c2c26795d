import Actors
import Foundation

/// What one job does, step by step: fetch, transcribe, summarise, tell. Each step is tried by the worker.
package struct AfterCallSteps: Sendable {
    private let mode: AfterCallSettings.Mode
    private let maximumBytes: Int
    private let sources: [String: any CallRecordingSource]
    private let folder: ProviderRecordingFolder
    private let own: RecordingFolder
    private let tenants: @Sendable (String) -> TenantProfile?
    private let legs: @Sendable (TenantProfile) -> AfterCallLegs
    private let held: HeldCalls
    private let book: CallBook
    private let hub: EventHub

    /// - Parameters:
    ///   - sources: by provider; whose recordings can be fetched.
    ///   - tenants: a tenant's profile as it is now.
    ///   - held: what became of the calls that the agent held.
    package init(
        settings: EngineSettings,
        sources: [String: any CallRecordingSource],
        tenants: @escaping @Sendable (String) -> TenantProfile?,
        legs: @escaping @Sendable (TenantProfile) -> AfterCallLegs,
        held: HeldCalls,
        book: CallBook,
        hub: EventHub
    ) {
        mode = settings.afterCall.mode
        maximumBytes = settings.afterCall.recordingBytes
        folder = ProviderRecordingFolder(dataFolder: settings.dataFolder, isKept: settings.isRecording)
        own = RecordingFolder(dataFolder: settings.dataFolder)
        self.sources = sources
        self.tenants = tenants
        self.legs = legs
        self.held = held
        self.book = book
        self.hub = hub
    }

    /// Whether the words of a recording are to be had at all: not those of somebody who did not agree, and not again those
    /// that were heard live.
    func isWanted(_ job: AfterCallJob) -> Bool {
        switch (job.progress, held[job.call]) {
        case (.told, .unwanted), (.fetched, .unwanted): false
        case (.told, .covered), (.fetched, .covered): mode == .all
        case (.told, nil), (.fetched, nil), (.recorded, _), (.transcribed, _): true
        }
    }

    // MARK: The recording

    func fetch(_ recording: ProviderRecording, _ job: AfterCallJob) async throws(AfterCallFault) -> KeptRecording {
        let provider = job.call.provider
        guard let source = sources[provider] else {
            throw AfterCallFault(.notConfigured, isPassing: false, provider: provider)
        }
        return try keep(try await source.fetch(recording, of: job.call), id: recording.id, of: job.call)
    }

    /// Looks at what was fetched and puts it into a file.
    func keep(_ bytes: [UInt8], id: String, of call: ProviderCallKey) throws(AfterCallFault) -> KeptRecording {
        // A recording may be told of before it is written.
        guard !bytes.isEmpty else { throw AfterCallFault(.empty, isPassing: true, provider: call.provider) }
        guard bytes.count <= maximumBytes else {
            throw AfterCallFault(.tooLarge, isPassing: false, provider: call.provider)
        }
        guard let type = RecordedAudio(bytes) else {
            throw AfterCallFault(.wrongType, isPassing: false, provider: call.provider)
        }
        do {
            let path = try folder.keep(bytes, type, id: id, of: call)
            return KeptRecording(path: path, type: type, speakers: [], isTemporary: !folder.isKept)
        } catch {
            throw AfterCallFault(.storage, isPassing: true)
        }
    }

    /// The engine's own recorder gives a file its name when it is whole.
    func find(mediaCall: String) throws(AfterCallFault) -> KeptRecording {
        let path = own.path(.recording, call: mediaCall)
        guard FileManager.default.fileExists(atPath: path) else {
            throw AfterCallFault(.notThere, isPassing: FileManager.default.fileExists(atPath: path + ".part"))
        }
        return KeptRecording(path: path, type: .wav, speakers: [.caller, .agent], isTemporary: false)
    }

    func discard(_ job: AfterCallJob) {
        if case .fetched(let recording) = job.progress { discard(recording) }
    }

    private func discard(_ recording: KeptRecording) {
        if recording.isTemporary { folder.discard(recording.path) }
    }

    /// - Returns: how many files of an earlier engine are gone.
    func sweep() -> Int { folder.sweep() }

    // MARK: The words

    func transcribe(_ recording: KeptRecording, _ job: AfterCallJob) async throws(AfterCallFault) -> CallTranscript {
        guard let profile = tenants(job.tenant) else { throw AfterCallFault(.notConfigured, isPassing: false) }
        let bytes = try read(recording)
        var audio = RecordingAudio(bytes: bytes, contentType: recording.type.contentType)
        audio.channels = recording.type.channels(bytes)
        let languages = profile.spokenLanguages
        audio.language = languages.count == 1 ? languages.first : nil
        audio.terms = [profile.name] + profile.pronunciations.keys.sorted()
        let given = audio
        let able = legs(profile).transcribers.filter { bytes.count <= $0.maximumBytes }
        guard !able.isEmpty else {
            let isTooLarge = !legs(profile).transcribers.isEmpty
            throw AfterCallFault(isTooLarge ? .tooLarge : .notConfigured, isPassing: false)
        }
        let transcript = try await first(of: able, name: \.provider) { try await $0.transcribe(given) }
        discard(recording)
        return CallTranscript(transcript, speakers: recording.speakers)
    }

    private func read(_ recording: KeptRecording) throws(AfterCallFault) -> [UInt8] {
        let size = try? FileManager.default.attributesOfItem(atPath: recording.path)[.size] as? Int
        guard let size else { throw AfterCallFault(.storage, isPassing: false) }
        guard size <= maximumBytes else { throw AfterCallFault(.tooLarge, isPassing: false) }
        guard let data = FileManager.default.contents(atPath: recording.path) else {
            throw AfterCallFault(.storage, isPassing: true)
        }
        return Array(data)
    }

    /// - Returns: nil: nobody is there to summarise, or there is nothing to.
    func summarise(_ transcript: CallTranscript, _ job: AfterCallJob) async throws(AfterCallFault) -> CallSummary? {
        guard let profile = tenants(job.tenant), !transcript.lines.isEmpty else { return nil }
        let models = legs(profile).summarisers
        guard !models.isEmpty else { return nil }
        let shown = transcript.redacted(by: profile.redactor(for: .model))
        return try await first(of: models, name: \.provider) { try await CallSummariser(model: $0).summarise(shown) }
    }

    /// Asks one after the other, each at most once.
    private func first<Leg: Sendable, Value>(
        of legs: [Leg],
        name: (Leg) -> String,
        _ work: (Leg) async throws -> Value
    ) async throws(AfterCallFault) -> Value {
        var faults: [AfterCallFault] = []
        for leg in legs {
            do {
                return try await work(leg)
            } catch {
                guard !Task.isCancelled else { throw AfterCallFault(.cancelled, isPassing: false) }
                faults.append(AfterCallFault(error, provider: name(leg)))
            }
        }
        var fault = faults.first(where: \.isPassing) ?? faults[0]
        fault.retryAfter = faults.filter(\.isPassing).compactMap(\.retryAfter).max()
        throw fault
    }

    // MARK: The end

    /// Tells the tenant's listeners and the call book, each without what the tenant keeps from it.
    func tell(_ transcript: CallTranscript, _ summary: CallSummary?, _ job: AfterCallJob) {
        let record = AfterCallRecord(
            source: transcript == job.fallback || job.kind == .conversation ? .conversation : .recording,
            recordingID: job.recordingID,
            transcript: transcript,
            summary: summary,
            completedAt: Date()
        )
        let kept = record.redacted(by: redactor(.records, of: job.tenant))
        let entry = book.completed(kept, of: job.call)
        hub.publish(
            AfterCallEvent.name,
            tenant: job.tenant,
            AfterCallEvent.fields(
                record.redacted(by: redactor(.events, of: job.tenant)),
                of: job,
                mediaCall: job.mediaCall ?? entry?.mediaCall
            )
        )
    }

    /// A tenant that is gone cannot say what may stay: nothing does.
    private func redactor(_ sink: RedactionSink, of tenant: String) -> Redactor {
        tenants(tenant)?.redactor(for: sink) ?? Redactor(kinds: Set(PersonalKind.allCases))
    }
}

extension AfterCallFault {
    fileprivate init(_ error: any Error, provider: String) {
        switch error {
        case let fault as AfterCallFault: self = fault
        case let error as LegError:
            let code: Code =
                switch error.code {
                case "busy": .busy
                case "timeout": .timeout
                case "refused": .refused
                case "protocol": .badAnswer
                default: .unreachable
                }
            self.init(code, isPassing: error.isRetryable, retryAfter: error.retryAfter, provider: error.provider)
        default: self.init(.unreachable, isPassing: true, provider: provider)
        }
    }
}
