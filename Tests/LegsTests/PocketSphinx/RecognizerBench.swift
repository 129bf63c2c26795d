import Actors
import Codecs
import Legs
import Synchronization
import TestSupport

/// Plays recordings to the embedded recogniser the way a call does: begin, 20 ms frames, end.
enum RecognizerBench {
    /// Shared by the tests, which all borrow from its pool.
    static let transcriber = PocketSphinxTranscriber(configuration: .init(maximumDecoders: 12, threads: 0))

    /// - Returns: mono Int16, 8 000 samples per second.
    static func samples(_ file: String) throws -> [Int16] {
        try Fixtures.bytes(file).map { MuLaw.linear($0) }
    }

    static func open(
        _ log: TranscriptLog,
        transcriber: PocketSphinxTranscriber = transcriber,
        profile: TenantProfile = ClinicProfile.profile
    ) async throws -> any TranscriptionSession {
        try await transcriber.open(TranscriptionRequest(profile: profile)) { log.add($0) }
    }

    static func play(_ samples: [Int16], to session: any TranscriptionSession, turn: Int) {
        session.begin(turn: turn)
        for start in stride(from: 0, to: samples.count, by: 160) {
            session.feed(Array(samples[start..<min(start + 160, samples.count)]))
        }
        session.end(turn: turn)
    }

    /// One utterance in a session of its own.
    static func hear(_ file: String, expecting expectation: Actors.Expectation = .intents) async throws -> Heard {
        try await hear(samples(file), expecting: expectation)
    }

    static func hear(_ samples: [Int16], expecting expectation: Actors.Expectation = .intents) async throws -> Heard {
        let log = TranscriptLog()
        let session = try await open(log)
        session.expect(expectation)
        play(samples, to: session, turn: 1)
        session.close()
        return log.heard(turn: 1)
    }
}

/// What a session reported, in order.
final class TranscriptLog: Sendable {
    private let stored = Mutex<[TranscriptEvent]>([])

    func add(_ event: TranscriptEvent) { stored.withLock { $0.append(event) } }

    var events: [TranscriptEvent] { stored.withLock { $0 } }

    func heard(turn: Int) -> Heard {
        var heard = Heard()
        for event in events {
            switch event {
            case .partial(let text, turn): heard.partials.append(text)
            case .final(let transcript, turn): heard.finals.append(transcript)
            default: break
            }
        }
        return heard
    }
}

struct Heard {
    var partials: [String] = []
    var finals: [Transcript] = []

    var text: String { finals.last?.text ?? "" }
    var words: [String] { text.split(separator: " ").map(String.init) }
    var isRejected: Bool { finals.last?.isRejected ?? false }
}
