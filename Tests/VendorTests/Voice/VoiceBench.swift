import Actors
import AsyncHTTPClient
import Codecs
import Engine
import Foundation
import Legs
import NIOPosix
import Testing
import VendorServers

/// What a reader got of one piece.
struct HeardPiece: Sendable {
    var words: [[SpokenWord]] = []
    var samples: [Int16] = []
    /// Deltas that came.
    var count = 0
}

/// What the suites of all voices need.
enum VoiceBench {
    /// Nothing is late on a slow machine.
    static func patient(characters: Int = 5000) -> VoiceLimits {
        VoiceLimits(firstAudio: .seconds(60), stall: .seconds(60), maximumCharacters: characters)
    }

    /// What is late is noticed soon; long enough for a connection on this machine.
    static func hasty(characters: Int = 5000) -> VoiceLimits {
        VoiceLimits(firstAudio: .milliseconds(400), stall: .milliseconds(200), maximumCharacters: characters)
    }

    static func withClient(_ body: (HTTPClient) async throws -> Void) async throws {
        let client = VendorHTTP.client(group: MultiThreadedEventLoopGroup.singleton)
        do {
            try await body(client)
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    static func request(_ text: String, voice: String = "slt", rate: Int = 8000) -> SpeechRequest {
        SpeechRequest(text: text, voice: voice, language: "en-US", sampleRate: rate)
    }

    static func hear(_ voice: any Synthesizer, _ request: SpeechRequest) async throws -> HeardPiece {
        var piece = HeardPiece()
        for try await delta in voice.synthesize(request) {
            piece.count += 1
            switch delta {
            case .words(let words): piece.words.append(words)
            case .audio(let samples): piece.samples += samples
            case .replaced: Issue.record("a vendor's leg replaces nobody")
            }
        }
        return piece
    }

    /// - Returns: the piece's one error; nil when it came to its end.
    static func failure(_ voice: any Synthesizer, _ text: String = "Some words to be spoken.") async -> LegError? {
        do {
            _ = try await hear(voice, request(text))
            return nil
        } catch let error as LegError {
            return error
        } catch {
            Issue.record("an error that is no LegError: \(error)")
            return nil
        }
    }

    /// Comes back when it is so; the suite's time limit bounds it.
    static func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// Reads the first audio, then goes away as a caller's interruption makes it.
    /// - Returns: when it went.
    static func interrupt(
        _ voice: any Synthesizer,
        _ request: SpeechRequest
    ) async throws -> ContinuousClock.Instant {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let reader = Task {
            // A piece that fails before its first audio holds nobody up.
            defer { begin.finish() }
            for try await delta in voice.synthesize(request) {
                if case .audio = delta { begin.yield() }
            }
        }
        for await _ in begun { break }
        let instant = ContinuousClock.now
        reader.cancel()
        if case .failure(let error) = await reader.result, !(error is CancellationError) { throw error }
        return instant
    }

    /// What mu-law makes of a text's tone.
    static func muLaw(_ text: String) -> [Int16] {
        VoiceTone.samples(text, rate: 8000).map { MuLaw.linear(MuLaw.byte($0)) }
    }

    /// Share of the samples' energy that is at a text's pitch: near 1 for its tone, near 0 for another's.
    static func purity(_ samples: [Int16], _ text: String, rate: Int) -> Double {
        let step = 2 * Double.pi * VoiceTone.frequency(text) / Double(rate)
        var (cosine, sine, energy) = (0.0, 0.0, 0.0)
        for (index, sample) in samples.enumerated() {
            let value = Double(sample)
            cosine += value * cos(step * Double(index))
            sine += value * sin(step * Double(index))
            energy += value * value
        }
        guard energy > 0 else { return 0 }
        return 2 * (cosine * cosine + sine * sine) / (energy * Double(samples.count))
    }
}
