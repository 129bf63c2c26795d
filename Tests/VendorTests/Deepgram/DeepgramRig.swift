import Actors
import Engine
import Legs
import NIOPosix
import TestSupport
import Testing
import VendorServers

/// What a session told, for a test to wait on.
final class HeardEvents: Sendable {
    private struct State {
        var events: [TranscriptEvent] = []
        var waiting: [(isMet: @Sendable ([TranscriptEvent]) -> Bool, waiter: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Locked(State())

    var all: [TranscriptEvent] { state.withLock { $0.events } }
    var failures: [LegError] { all.compactMap { if case .failed(let error) = $0 { error } else { nil } } }
    var finals: [Transcript] { all.compactMap { if case .final(let transcript, _) = $0 { transcript } else { nil } } }

    func add(_ event: TranscriptEvent) {
        let met = state.withLock { state in
            state.events.append(event)
            let events = state.events
            let met = state.waiting.filter { $0.isMet(events) }
            state.waiting.removeAll { $0.isMet(events) }
            return met
        }
        for one in met { one.waiter.resume() }
    }

    func until(_ isMet: @escaping @Sendable ([TranscriptEvent]) -> Bool) async {
        await withCheckedContinuation { waiter in
            let isThere = state.withLock { state in
                if isMet(state.events) { return true }
                state.waiting.append((isMet, waiter))
                return false
            }
            if isThere { waiter.resume() }
        }
    }

    /// The `n`-th final, or the failure that came instead.
    func final(_ count: Int = 1) async -> Transcript? {
        await until { events in
            events.count { if case .final = $0 { true } else { false } } >= count
                || events.contains { if case .failed = $0 { true } else { false } }
        }
        return finals.count >= count ? finals[count - 1] : nil
    }

    func failure() async -> LegError? {
        await until { $0.contains { if case .failed = $0 { true } else { false } } }
        return failures.first
    }
}

/// A server and a transcriber that talks to it.
struct DeepgramRig {
    static let words = ["could", "you", "book", "me", "in", "for", "Tuesday", "morning", "please"]

    let server: DeepgramServer
    let transcriber: DeepgramTranscriber

    static func run(
        _ script: DeepgramScript = DeepgramScript(.words(words, each: 0.25, repeats: true)),
        _ change: (inout DeepgramLiveConfiguration) -> Void = { _ in },
        _ body: (DeepgramRig) async throws -> Void
    ) async throws {
        let server = try await DeepgramServer(script)
        var configuration = DeepgramLiveConfiguration(key: DeepgramServer.key, baseURL: server.baseURL)
        // Only a test that is about a limit meets it, however slow the machine.
        configuration.finalLimit = .seconds(60)
        configuration.pauseLimit = .seconds(60)
        configuration.limits = VendorLimits(response: .seconds(60), refusal: .seconds(60), ping: .seconds(60))
        change(&configuration)
        let transcriber = DeepgramTranscriber(configuration, group: MultiThreadedEventLoopGroup.singleton)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(DeepgramRig(server: server, transcriber: transcriber)))
        } catch { result = .failure(error) }
        await server.stop()
        try result.get()
    }

    func open() async throws -> (any TranscriptionSession, HeardEvents) {
        let heard = HeardEvents()
        let session = try await transcriber.open(TranscriptionRequest(profile: .test)) { heard.add($0) }
        return (session, heard)
    }

    /// 20 ms frames, as the line brings them.
    static func speak(_ session: any TranscriptionSession, seconds: Double) {
        for _ in 0..<Int(seconds * 50) { session.feed(Array(repeating: 1000, count: 160)) }
    }
}
