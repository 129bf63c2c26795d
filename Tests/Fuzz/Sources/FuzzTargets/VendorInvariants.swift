import Actors
import Vendors

/// What holds for every input of the vendors' decoders.
extension Invariants {
    /// First byte: the length of the pieces. However a stream is cut, its events are the same.
    static func serverSentEvents(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let stream = Array(input.dropFirst())
        let limit = 512
        let whole = events([stream], limit: limit)
        let step = Int(first) + 1
        let pieces = stride(from: 0, to: stream.count, by: step).map {
            Array(stream[$0..<min($0 + step, stream.count)])
        }
        let cut = events(pieces, limit: limit)
        precondition(cut.isWhole == whole.isWhole, "refused only in one way of cutting")
        // What a refused push had found is not given; piece by piece it was.
        precondition(
            whole.isWhole ? cut.events == whole.events : cut.events.count >= whole.events.count,
            "cut otherwise"
        )
        // A byte that is no UTF-8 becomes three.
        precondition(whole.events.allSatisfy { $0.data.utf8.count <= 3 * limit }, "an event longer than the limit")
        precondition(whole.events.allSatisfy { !$0.name.isEmpty }, "an event without a name")
    }

    private static func events(
        _ pieces: [[UInt8]],
        limit: Int
    ) -> (events: [ServerSentEvents.Event], isWhole: Bool) {
        var parser = ServerSentEvents(limit: limit)
        var events: [ServerSentEvents.Event] = []
        for piece in pieces {
            guard let more = try? parser.push(piece) else { return (events, false) }
            events += more
        }
        return (events, true)
    }

    static func chatOpenAI(_ input: [UInt8]) {
        chat(input) { OpenAIChatDecoder(limits: $0, nonce: "n") }
    }

    static func chatAnthropic(_ input: [UInt8]) {
        chat(input) { AnthropicDecoder(limits: $0, nonce: "n") }
    }

    /// A whole stream as it is on the wire: an answer stays within its limits, ends once, and says the same when it is read
    /// again.
    private static func chat(_ input: [UInt8], _ decoder: (ChatLimits) -> some ChatDecoder) {
        let limits = ChatLimits(answerBytes: 256, calls: 3)
        let answer = read(input, decoder(limits))
        precondition(read(input, decoder(limits)) == answer, "reads differently the second time")
        var bytes = 0
        var calls = 0
        for (index, delta) in answer.deltas.enumerated() {
            switch delta {
            case .text(let text):
                precondition(
                    !text.isEmpty && !text.unicodeScalars.contains("\u{FFFD}"),
                    "half a character to be spoken"
                )
                bytes += text.utf8.count
            case .call(let call):
                precondition(!call.id.isEmpty && !call.name.isEmpty, "a call that cannot be answered")
                bytes += call.name.utf8.count + (call.arguments == "{}" ? 0 : call.arguments.utf8.count)
                calls += 1
            case .usage(let usage):
                precondition(min(usage.inputTokens, usage.outputTokens, usage.cachedTokens) >= 0, "negative usage")
            case .working, .replaced: preconditionFailure("a decoder tells neither")
            case .finished: precondition(index == answer.deltas.count - 1, "something after the end")
            }
        }
        precondition(bytes <= limits.answerBytes && calls <= limits.calls, "more than the limit")
    }

    private struct Answer: Equatable {
        var deltas: [ChatDelta] = []
        var fault: ChatFault?
    }

    private static func read(_ input: [UInt8], _ decoder: some ChatDecoder) -> Answer {
        var decoder = decoder
        var answer = Answer()
        guard
            let events = try?
                ({
                    var parser = ServerSentEvents(); return try parser.push(input)
                })()
        else { return answer }
        do throws(ChatFault) {
            for event in events where !decoder.isFinished {
                let before = decoder.answerBytes
                answer.deltas += try decoder.push(event: event.name, data: event.data)
                precondition(decoder.answerBytes >= before, "progress went back")
            }
            answer.deltas += try decoder.end()
            precondition(decoder.isFinished, "ended without an end")
        } catch {
            answer.fault = error
        }
        return answer
    }

    /// Lines: a message of the vendor's, or one letter for what the call does meanwhile (begin, feed, pause, resume, end,
    /// cancel, tick). Every turn gets its final words once at most, and nothing is said of a turn that is not under way.
    static func deepgramLive(_ input: [UInt8]) {
        var configuration = DeepgramLiveConfiguration(key: "k")
        configuration.maximumTextBytes = 200
        var now = ContinuousClock.now
        var turns = DeepgramTurns(configuration, sampleRate: 8000, provider: "deepgram", now: now)
        var outputs = turns.open(now: now)
        var number = 0
        var ended: Set<Int> = []
        for line in input.split(separator: 0x0A).prefix(300) {
            now += .milliseconds(250)
            switch line.first.map({ UnicodeScalar($0) }) {
            case "b":
                number += 1
                outputs = turns.begin(number, now: now)
            case "f": outputs = turns.feed([Int16](repeating: 0, count: line.count * 80), now: now)
            case "p": outputs = turns.pause(number, now: now)
            case "r": turns.resume(number)
            case "e": outputs = turns.end(number, now: now)
            case "c": outputs = turns.cancel(now: now)
            case "t": outputs = turns.tick(now: now)
            default:
                guard let message = try? DeepgramLiveMessage(String(decoding: line, as: UTF8.self)) else { continue }
                switch message {
                case .results(let results): outputs = turns.receive(results)
                case .utteranceEnd(let end): outputs = turns.receiveUtteranceEnd(lastWordEnd: end)
                case .error, .other: continue
                }
            }
            check(outputs, number, &ended, limit: configuration.maximumTextBytes)
            outputs = []
        }
    }

    private static func check(
        _ outputs: [DeepgramTurns.Output],
        _ number: Int,
        _ ended: inout Set<Int>,
        limit: Int
    ) {
        for case .event(let event) in outputs {
            switch event {
            case .partial(let text, let turn):
                // The interim words come on top of the finished ones, and are bounded alike; spaces join the pieces.
                precondition(turn == number && !text.isEmpty && text.utf8.count <= 3 * limit, "a partial out of place")
            case .provisional(let transcript, let turn):
                precondition(
                    turn == number && (0...1).contains(transcript.confidence),
                    "provisional words out of place"
                )
            case .endpoint(let turn): precondition(turn == number, "an endpoint out of place")
            case .final(let transcript, let turn):
                precondition((0...1).contains(transcript.confidence), "a confidence that is none")
                // An end that is asked for again is answered again, with nothing.
                precondition(ended.insert(turn).inserted || transcript.text.isEmpty, "a turn's words twice")
            case .replaced, .failed: preconditionFailure("no turn says that")
            }
        }
    }

    /// Lines: the messages of one piece. Words lie in the text and in order, and no time is negative.
    static func elevenLabs(_ input: [UInt8]) {
        let text = "Dr. Müller's fee is $25.50, isn't it? Call 555-0142 & ask."
        var timing = ElevenLabsTiming(text: text, rate: 8000)
        var position = 0
        for line in input.split(separator: 0x0A).prefix(50) {
            guard let message = try? ElevenLabsMessage(parsing: String(decoding: line, as: UTF8.self)) else { continue }
            check(timing.add(message, at: position), text)
            guard let audio = try? message.audioBytes() else { return }
            precondition(audio.count <= line.count, "more audio than text")
            position += audio.count
        }
        let words = timing.finish(total: position)
        check(words, text)
    }

    private static func check(_ words: [SpokenWord], _ text: String) {
        var end = 0
        var sample = 0
        for word in words {
            precondition(
                word.utf8Range.lowerBound >= end && word.utf8Range.upperBound <= text.utf8.count,
                "no word of it"
            )
            precondition(word.samples.lowerBound >= sample, "times that go back")
            (end, sample) = (word.utf8Range.upperBound, word.samples.upperBound)
        }
    }

    /// The body of an answer: what the model is given of it is bounded, and an answer to another request is none.
    static func modelContext(_ input: [UInt8]) {
        guard let message = try? JSON(parsing: input) else { return }
        let again = try? JSON(parsing: Array(message.serialized.utf8))
        precondition(again?.serialized == message.serialized, "does not round trip")
        let limit = 300
        switch MCPMessage.incoming(message, for: 1) {
        case .result(let result):
            precondition(message["id"]?.integer == 1, "the answer to another request")
            guard let given = try? MCPResult.read(result, upTo: limit).content else { return }
            let beginning = given["beginning"]?.text?.utf8.count ?? 0
            precondition(given.serialized.utf8.count <= limit || beginning <= limit, "more than the limit")
        case .error(let code): precondition(!MCPMessage.told(code).message.isEmpty, "an error without words")
        case .request(let request):
            precondition(MCPMessage.answer(to: request)?["jsonrpc"] == "2.0" || request["id"] == nil)
        case .notification(let method): precondition(message["method"] == .text(method), "another's name")
        case .other: break
        }
    }
}
