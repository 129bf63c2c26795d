import Caller
import Foundation
import VendorServers

/// How soon a vendor's stream is cut off when the caller interrupts.
struct BargeInPart: Codable, Sendable {
    struct Case: Codable, Sendable {
        var leg: String
        var vendor: String
        /// Milliseconds from `clear` at the caller to the stream's end at the vendor; negative: the vendor knew first.
        var cancelled: Distribution?
        /// Streams that were still open when the caller interrupted.
        var streams: Int
        /// Of these, those that were not ended within a second.
        var missed: Int
        /// Tokens or audio messages that the server wrote to these streams more than 50 ms after `clear`.
        var writtenLater: Int
    }

    var interruptions: Int
    var clear: Distribution?
    var cases: [Case]

    static func measure(_ bench: Bench) async throws -> BargeInPart {
        bench.reset(VendorPark.Delays(betweenTokens: 100))
        bench.park.say(Bench.longAnswer)
        bench.park.voices { $0.pace = 1 }
        bench.park.hearing.set { $0.delay = .milliseconds(100) }
        // One after another where they share a vendor.
        async let one = hold(bench, Bench.Number.interruptOne)
        let two = try await hold(bench, Bench.Number.interruptTwo)
        let three = try await hold(bench, Bench.Number.interruptThree)
        let first = try await one
        let calls = [first, two, three]
        let anthropic = two.clears + three.clears
        bench.park.voices { $0.pace = nil }
        return BargeInPart(
            interruptions: calls.reduce(0) { $0 + $1.clears.count },
            clear: Distribution(calls.flatMap { $0.call.report.turns.compactMap { $0.interruption?.clearMs } }),
            cases: [
                chat("openai", bench.park.openAI, first.clears), chat("anthropic", bench.park.anthropic, anthropic),
                elevenLabs(bench, first.clears), aura(bench, two.clears), speech(bench, three.clears),
            ]
        )
    }

    private struct Interrupted: Sendable {
        var call: PlacedCall
        /// When `clear` was received.
        var clears: [ContinuousClock.Instant]
    }

    private static func hold(_ bench: Bench, _ number: String) async throws -> Interrupted {
        let words = try bench.utterance("3-yes")
        let count = bench.amounts.bargeIns
        var call = bench.call(number, Array(repeating: words, count: count + 1))
        call.manner.bargeIns = (1...count).map { BargeIn(after: .milliseconds(1200 + 37 * ($0 % 5)), agentTurn: $0) }
        call.manner.maxDuration = .seconds(12 * (count + 2))
        let placed = try await PlacedCall.hold(call)
        let clears = placed.report.turns.compactMap { turn -> ContinuousClock.Instant? in
            guard let first = turn.firstSpeechMs, let clear = turn.interruption?.clearMs else { return nil }
            return placed.instant(first + clear)
        }
        return Interrupted(call: placed, clears: clears)
    }

    private typealias Instant = ContinuousClock.Instant

    /// A stream as a server saw it: when it began, when its client left, when the server wrote to it.
    private struct Stream {
        var began: Instant
        var left: Instant?
        /// It was over by itself.
        var isWhole = false
        var writes: [Instant]
    }

    /// Each `clear` is held against the stream that was open then.
    private static func judge(_ leg: String, _ vendor: String, _ clears: [Instant], _ streams: [Stream]) -> Case {
        var delays: [Double] = []
        var open = 0, missed = 0, later = 0
        for clear in clears {
            let under = streams.last { stream in
                let ended = stream.left ?? (stream.isWhole ? stream.writes.last ?? stream.began : .now)
                // A vendor may be told before the caller's `clear` has come through.
                return stream.began < clear && ended > clear - .milliseconds(50) && !(stream.isWhole && ended < clear)
            }
            guard let under else { continue }
            open += 1
            later += under.writes.count { $0 > clear + .milliseconds(50) }
            guard let left = under.left, left < clear + .seconds(1) else {
                missed += 1
                continue
            }
            delays.append(clear.duration(to: left) / .milliseconds(1))
        }
        return Case(
            leg: leg,
            vendor: vendor,
            cancelled: Distribution(delays),
            streams: open,
            missed: missed,
            writtenLater: later
        )
    }

    private static func chat(_ vendor: String, _ server: ChatServer, _ clears: [Instant]) -> Case {
        let streams = server.record.exchanges.compactMap { exchange -> Stream? in
            guard let first = exchange.writes.first else { return nil }
            var left: Instant?
            if case .left(let at) = exchange.end { left = at }
            return Stream(
                began: first.at,
                left: left,
                isWhole: exchange.end == .whole,
                writes: exchange.writes.map(\.at)
            )
        }
        return judge("llm", vendor, clears, streams)
    }

    /// A piece is dropped by closing its socket.
    private static func elevenLabs(_ bench: Bench, _ clears: [Instant]) -> Case {
        let record = bench.park.elevenLabs.log.record
        let streams = record.sockets.enumerated().compactMap { number, socket -> Stream? in
            let writes = record.sent.filter { $0.socket == number }.map(\.at)
            guard let first = writes.first else { return nil }
            return Stream(began: first, left: socket.gone, writes: writes)
        }
        return judge("tts", "elevenlabs", clears, streams)
    }

    /// A piece is dropped with `Clear` on its socket.
    private static func aura(_ bench: Bench, _ clears: [Instant]) -> Case {
        let record = bench.park.aura.log.record
        // One stretch of audio is what lies between two `Clear`s.
        let marks = record.clears.sorted()
        var start = Instant.now - .seconds(3600)
        var streams: [Stream] = []
        for mark in marks {
            let writes = record.sent.map(\.at).filter { $0 > start && $0 <= mark }
            if let first = writes.first { streams.append(Stream(began: first, left: mark, writes: writes)) }
            start = mark
        }
        return judge("tts", "deepgram", clears, streams)
    }

    /// A piece is dropped by leaving its answer.
    private static func speech(_ bench: Bench, _ clears: [Instant]) -> Case {
        let streams = bench.park.speech.log.record.requests.map { request in
            Stream(began: request.at, left: request.abandonedAt, isWhole: !request.isAbandoned, writes: [])
        }
        return judge("tts", "openai", clears, streams)
    }
}
