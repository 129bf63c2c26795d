import Actors
import Foundation
import Legs
import TestSupport
import Testing

@Suite("Caching synthesiser", .timeLimit(.minutes(5)))
struct CachingSynthesizerTests {
    private static let words = [SpokenWord(utf8Range: 0..<2, samples: 10..<20)]

    private func request(_ text: String, voice: String = "v", rate: Int = 8_000) -> SpeechRequest {
        SpeechRequest(text: text, voice: voice, language: "en", sampleRate: rate)
    }

    /// Answers every request with words and `samples` samples, the first of which tell the text's length.
    private func instant(samples: Int) -> ScriptedSynthesizer {
        ScriptedSynthesizer { request in
            let audio = [Int16](repeating: Int16(request.text.utf8.count), count: samples / 2)
            return [.words(Self.words), .audio(audio), .audio(audio)]
        }
    }

    private func read(_ stream: AsyncThrowingStream<SpeechDelta, any Error>) async throws -> (
        words: [SpokenWord], audio: [Int16]
    ) {
        var result: (words: [SpokenWord], audio: [Int16]) = ([], [])
        for try await delta in stream {
            switch delta {
            case .words(let words): result.words += words
            case .audio(let samples): result.audio += samples
            case .replaced: break
            }
        }
        return result
    }

    @Test func theSecondTimeComesFromMemoryAndIsTheSame() async throws {
        let base = instant(samples: 100)
        let cache = CachingSynthesizer(base)
        let first = try await read(cache.synthesize(request("hello")))
        let second = try await read(cache.synthesize(request("hello")))
        #expect(first.audio == [Int16](repeating: 5, count: 100))
        #expect(second.audio == first.audio && second.words == first.words && second.words == Self.words)
        #expect(base.callCount == 1)
        #expect(cache.statistics.hits == 1 && cache.statistics.misses == 1 && cache.statistics.pieces == 1)
        #expect(cache.provider == "scripted")
    }

    /// An interruption in the middle of a piece that is being made.
    @Test func readersThatLeaveWhileTheyAreToldHoldNobodyUp() async throws {
        let (voice, talk) = AsyncThrowingStream.makeStream(
            of: SpeechDelta.self,
            bufferingPolicy: .bufferingNewest(64)
        )
        let cache = CachingSynthesizer(StreamedSynthesizer(stream: voice))
        let piece = request("hello")
        // Keeps the piece in the making, however many readers leave.
        let stays = Task { for try await _ in cache.synthesize(piece) {} }
        try await Crossfire.run(rounds: 400) {
            talk.yield(.audio([1]))
            // What is made is kept: little enough that a test may.
            usleep(5)
        } reader: {
            let stream = cache.synthesize(piece)
            return Task { do { for try await _ in stream {} } catch {} }
        }
        stays.cancel()
    }

    /// Speaks what comes, whatever it was asked.
    private struct StreamedSynthesizer: Synthesizer {
        let provider = "streamed"
        let stream: AsyncThrowingStream<SpeechDelta, any Error>
        func synthesize(_ request: SpeechRequest) -> AsyncThrowingStream<SpeechDelta, any Error> { stream }
    }

    @Test func voiceRateAndTextAreAllPartOfTheKey() async throws {
        let base = instant(samples: 10)
        let cache = CachingSynthesizer(base)
        for request in [request("a"), request("b"), request("a", voice: "w"), request("a", rate: 16_000)] {
            _ = try await read(cache.synthesize(request))
        }
        #expect(base.callCount == 4)
        #expect(cache.statistics.pieces == 4)
    }

    @Test func theLeastRecentlyUsedPieceGoesFirst() async throws {
        let base = instant(samples: 1_000)
        // A piece is 2 000 bytes of audio, 32 of words and 200-odd of overhead: two fit.
        let cache = CachingSynthesizer(base, capacityBytes: 5_000)
        _ = try await read(cache.synthesize(request("a")))
        _ = try await read(cache.synthesize(request("b")))
        _ = try await read(cache.synthesize(request("a")))
        _ = try await read(cache.synthesize(request("c")))
        #expect(cache.statistics.evictions == 1 && cache.statistics.pieces == 2)
        #expect(cache.statistics.bytes <= 5_000 && cache.statistics.bytes > 4_000)
        #expect(base.callCount == 3)
        _ = try await read(cache.synthesize(request("a")))
        #expect(base.callCount == 3)
        _ = try await read(cache.synthesize(request("b")))
        #expect(base.callCount == 4)
    }

    @Test(arguments: [0, 1_000]) func aPieceLargerThanTheCacheIsSpokenButNotKept(capacity: Int) async throws {
        let base = instant(samples: 1_000)
        let cache = CachingSynthesizer(base, capacityBytes: capacity)
        for _ in 0..<2 { #expect(try await read(cache.synthesize(request("a"))).audio.count == 1_000) }
        #expect(base.callCount == 2)
        #expect(cache.statistics.pieces == 0 && cache.statistics.bytes == 0 && cache.statistics.evictions == 0)
    }

    @Test func identicalRequestsAtOnceShareOneSynthesis() async throws {
        let base = ScriptedSynthesizer()
        let cache = CachingSynthesizer(base)
        var calls = base.calls.makeAsyncIterator()
        var first = cache.synthesize(request("hi")).makeAsyncIterator()
        let call = try #require(await calls.next())
        call.continuation.yield(.words(Self.words))
        call.continuation.yield(.audio([1]))
        #expect(try await first.next() == .words(Self.words))
        #expect(try await first.next() == .audio([1]))
        // Joins in the middle: what was missed comes at once, the rest as it is made.
        let late = cache.synthesize(request("hi"))
        call.continuation.yield(.audio([2]))
        call.continuation.finish()
        #expect(try await read(late).audio == [1, 2])
        #expect(try await first.next() == .audio([2]))
        #expect(try await first.next() == nil)
        #expect(try await read(cache.synthesize(request("hi"))).audio == [1, 2])
        #expect(base.callCount == 1)
        let statistics = cache.statistics
        #expect(statistics.misses == 1 && statistics.shared == 1 && statistics.hits == 1)
    }

    @Test func manyReadersAtOnceGetTheWholePiece() async throws {
        let cache = CachingSynthesizer(FliteSynthesizer())
        let request = SpeechRequest(text: "One moment, please.", voice: "kal16", language: "en")
        let pieces = try await withThrowingTaskGroup(of: [Int16].self) { group in
            for _ in 0..<16 { group.addTask { try await read(cache.synthesize(request)).audio } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(pieces.count == 16 && Set(pieces).count == 1)
        #expect(pieces[0].count > 4_000)
        #expect(cache.statistics.misses == 1)
        #expect(cache.statistics.hits + cache.statistics.shared == 15)
    }

    @Test func aFailedPieceReachesAllItsReadersAndIsNotKept() async throws {
        let base = ScriptedSynthesizer()
        let cache = CachingSynthesizer(base)
        var calls = base.calls.makeAsyncIterator()
        let streams = [cache.synthesize(request("hi")), cache.synthesize(request("hi"))]
        let call = try #require(await calls.next())
        let error = LegError(leg: .tts, provider: "scripted", code: "unavailable", cause: "gone", isRetryable: true)
        call.continuation.yield(.audio([1]))
        call.continuation.finish(throwing: error)
        for stream in streams { await #expect(throws: error) { _ = try await read(stream) } }
        #expect(cache.statistics.pieces == 0)
        let again = cache.synthesize(request("hi"))
        let second = try #require(await calls.next())
        second.continuation.finish()
        #expect(try await read(again).audio.isEmpty)
    }

    @Test func oneReaderLeavingDoesNotStopTheOthers() async throws {
        let base = ScriptedSynthesizer()
        let cache = CachingSynthesizer(base)
        var calls = base.calls.makeAsyncIterator()
        let stays = cache.synthesize(request("hi"))
        let leaves = cache.synthesize(request("hi"))
        let call = try #require(await calls.next())
        call.continuation.yield(.audio([1]))
        for try await _ in leaves { break }
        call.continuation.yield(.audio([2]))
        call.continuation.finish()
        #expect(try await read(stays).audio == [1, 2])
        #expect(cache.statistics.pieces == 1)
    }

    @Test func whenTheLastReaderLeavesTheSynthesisIsCancelledAndNothingIsKept() async throws {
        let base = ScriptedSynthesizer()
        let cache = CachingSynthesizer(base)
        var calls = base.calls.makeAsyncIterator()
        let reader = Task { [cache] in
            for try await _ in cache.synthesize(request("hi")) {}
        }
        let call = try #require(await calls.next())
        call.continuation.yield(.audio([1]))
        reader.cancel()
        var cancelled = base.cancelled.makeAsyncIterator()
        #expect(await cancelled.next() == request("hi"))
        try await reader.value
        #expect(cache.statistics.pieces == 0)
        // A new reader starts anew; the abandoned stream has no part in it.
        let again = cache.synthesize(request("hi"))
        let second = try #require(await calls.next())
        call.continuation.yield(.audio([9]))
        second.continuation.yield(.audio([3]))
        second.continuation.finish()
        #expect(try await read(again).audio == [3])
        #expect(cache.statistics.pieces == 1)
    }

    @Test func warmingFillsTheCacheAndSkipsWhatFails() async throws {
        let base = instant(samples: 10)
        let cache = CachingSynthesizer(base)
        #expect(await cache.warm([request("a"), request("b"), request("a")]) == 3)
        #expect(base.callCount == 2)
        _ = try await read(cache.synthesize(request("b")))
        #expect(base.callCount == 2)

        let flite = CachingSynthesizer(FliteSynthesizer())
        #expect(await flite.warm([request("Hi", voice: "nobody"), request("Hi", voice: "kal16")]) == 1)
        #expect(flite.statistics.pieces == 1)
    }
}
