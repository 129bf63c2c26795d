import Actors
import Legs
import Testing

/// Whole connections in virtual time: 8 samples are a millisecond.
@Suite("Deepgram turns")
struct DeepgramTurnsTests {
    typealias Output = DeepgramTurns.Output
    private let start = ContinuousClock.now

    private func turns(_ change: (inout DeepgramLiveConfiguration) -> Void = { _ in }) -> DeepgramTurns {
        var configuration = DeepgramLiveConfiguration(key: "k")
        change(&configuration)
        var turns = DeepgramTurns(configuration, sampleRate: 8000, provider: "deepgram", now: start)
        _ = turns.open(now: start)
        return turns
    }

    private func samples(milliseconds: Int) -> [Int16] { Array(repeating: 1, count: 8 * milliseconds) }

    /// A result over these milliseconds of a connection's audio; its words share them evenly.
    private func results(
        _ text: String,
        _ range: Range<Int>,
        isFinal: Bool = true,
        speechFinal: Bool = false,
        fromFinalize: Bool = false,
        confidence: Double = 0.5
    ) throws -> DeepgramResults {
        let list = text.split(separator: " ")
        let each = Double(range.count) / 1000 / Double(max(1, list.count)), from = Double(range.lowerBound) / 1000
        let words = list.enumerated().map {
            #"{"word":"\#($1)","start":\#(from + each * Double($0)),"end":\#(from + each * Double($0 + 1))}"#
        }
        let message = try DeepgramLiveMessage(
            #"{"type":"Results","start":\#(from),"duration":\#(Double(range.count) / 1000),"is_final":\#(isFinal),"#
                + #""speech_final":\#(speechFinal),"from_finalize":\#(fromFinalize),"channel":{"alternatives":[{"#
                + #""transcript":"\#(text)","confidence":\#(confidence),"words":[\#(words.joined(separator: ","))]}]}}"#
        )
        guard case .results(let results) = message else { throw CancellationError() }
        return results
    }

    private func transcript(_ text: String, confidence: Double = 0.5) -> Transcript {
        Transcript(text: text, confidence: text.isEmpty ? 0 : confidence, provider: "deepgram")
    }

    @Test func audioGoesInWholeMessagesAndTheRestAtThePause() {
        var turns = turns()
        #expect(turns.begin(1, now: start).isEmpty)
        #expect(turns.feed(samples(milliseconds: 20), now: start).isEmpty)
        #expect(turns.feed(samples(milliseconds: 70), now: start) == [.audio(samples(milliseconds: 80))])
        #expect(turns.pause(1, now: start) == [.audio(samples(milliseconds: 10)), .finalize])
    }

    @Test func everyPieceOfATurnIsInItsEnd() throws {
        var turns = turns()
        _ = turns.begin(7, now: start)
        _ = turns.feed(samples(milliseconds: 2000), now: start)
        let first = turns.receive(try results("hello", 0..<500, isFinal: false))
        #expect(first == [.event(.partial("hello", turn: 7))])
        #expect(turns.receive(try results("hello", 0..<500, isFinal: false)).isEmpty)
        #expect(turns.receive(try results("hello there", 0..<1000)) == [.event(.partial("hello there", turn: 7))])
        let more = turns.receive(try results("general", 1000..<1500, isFinal: false))
        #expect(more == [.event(.partial("hello there general", turn: 7))])
        #expect(turns.end(7, now: start) == [.finalize])
        let last = turns.receive(try results("Kenobi", 1000..<2020, fromFinalize: true, confidence: 0.8))
        #expect(last == [.event(.final(transcript("hello there Kenobi", confidence: 0.6), turn: 7))])
    }

    @Test func aPauseIsAnsweredOnceAndTheEndAfterItAtOnce() throws {
        var turns = turns()
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        #expect(turns.pause(1, now: start) == [.finalize])
        let answer = turns.receive(try results("yes", 0..<1020, fromFinalize: true))
        #expect(answer == [.event(.partial("yes", turn: 1)), .event(.provisional(transcript("yes"), turn: 1))])
        #expect(turns.pause(1, now: start) == [.event(.provisional(transcript("yes"), turn: 1))])
        #expect(turns.end(1, now: start) == [.event(.final(transcript("yes"), turn: 1))])
    }

    @Test func anEndBeforeThePausesAnswerWaitsForItAndAsksNoMore() throws {
        var turns = turns()
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        _ = turns.pause(1, now: start)
        #expect(turns.end(1, now: start).isEmpty)
        let answer = turns.receive(try results("yes", 0..<1020, fromFinalize: true))
        #expect(answer == [.event(.final(transcript("yes"), turn: 1))])
    }

    @Test func theSilenceAfterAPauseIsNotAskedAbout() throws {
        var turns = turns()
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        _ = turns.pause(1, now: start)
        _ = turns.feed(samples(milliseconds: 400), now: start)
        let answer = turns.receive(try results("yes", 0..<1020, fromFinalize: true))
        #expect(answer == [.event(.partial("yes", turn: 1)), .event(.provisional(transcript("yes"), turn: 1))])
        #expect(turns.end(1, now: start) == [.event(.final(transcript("yes"), turn: 1))])
    }

    @Test func aCallerWhoGoesOnAfterAPauseTakesTheWishBack() throws {
        var turns = turns()
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        _ = turns.pause(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        turns.resume(1)
        let answer = turns.receive(try results("I would", 0..<1020, fromFinalize: true))
        #expect(answer == [.event(.partial("I would", turn: 1))])
        #expect(turns.end(1, now: start) == [.finalize])
        let last = turns.receive(try results("like that", 1020..<2020, fromFinalize: true))
        #expect(last == [.event(.final(transcript("I would like that"), turn: 1))])
    }

    @Test func finalsThatCoverEverythingAnswerWithoutSayingSo() throws {
        var turns = turns()
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        _ = turns.end(1, now: start)
        #expect(turns.receive(try results("one", 0..<600)).isEmpty)
        let last = turns.receive(try results("two", 600..<1010))
        #expect(last == [.event(.final(transcript("one two"), turn: 1))])
    }

    @Test func anAnswerThatNeverComesIsReplacedByTheBestThereIs() throws {
        var turns = turns { $0.finalLimit = .seconds(1) }
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        _ = turns.receive(try results("for sure", 0..<500))
        _ = turns.receive(try results("maybe", 500..<900, isFinal: false))
        _ = turns.end(1, now: start)
        #expect(turns.deadline == start + .seconds(1))
        #expect(turns.tick(now: start + .milliseconds(999)).isEmpty)
        #expect(turns.tick(now: start + .seconds(1)) == [.event(.final(transcript("for sure maybe"), turn: 1))])
        // What comes late is nobody's.
        #expect(turns.receive(try results("perhaps", 500..<1020, fromFinalize: true)).isEmpty)
        _ = turns.begin(2, now: start)
        #expect(turns.receive(try results("perhaps", 500..<1020)).isEmpty)
    }

    @Test(arguments: [(900, false, false), (1000, false, true), (1000, true, false)])
    func aWholeTurnThatIsNotAnsweredIsAFailure(milliseconds: Int, isAnswered: Bool, isFailure: Bool) throws {
        var turns = turns { $0.finalLimit = .seconds(1) }
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: milliseconds), now: start)
        if isAnswered { _ = turns.receive(try results("", 0..<500, isFinal: false)) }
        _ = turns.end(1, now: start)
        let outputs = turns.tick(now: start + .seconds(1))
        #expect(outputs == [isFailure ? .unanswered : .event(.final(transcript(""), turn: 1))])
    }

    @Test func aPauseThatIsNotAnsweredGivesWhatIsThere() throws {
        var turns = turns { $0.pauseLimit = .milliseconds(300) }
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        _ = turns.receive(try results("well", 0..<500, isFinal: false))
        _ = turns.pause(1, now: start)
        let given = turns.tick(now: start + .milliseconds(300))
        #expect(given == [.event(.provisional(Transcript(text: "well", provider: "deepgram"), turn: 1))])
    }

    @Test func wordsOfADroppedTurnAreNotInTheNext() throws {
        var turns = turns()
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        #expect(turns.cancel(now: start) == [.finalize])
        #expect(turns.cancel(now: start).isEmpty)
        _ = turns.begin(2, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        #expect(turns.receive(try results("old words", 0..<1020, fromFinalize: true)).isEmpty)
        // A stretch over both: only what lies in the second.
        let mixed = turns.receive(try results("old new", 20..<2020, isFinal: false))
        #expect(mixed == [.event(.partial("new", turn: 2))])
        _ = turns.end(2, now: start)
        let last = turns.receive(try results("new words", 1020..<2020, fromFinalize: true))
        #expect(last == [.event(.final(transcript("new words"), turn: 2))])
    }

    @Test func aTurnThatBeginsBeforeTheLastOnesWordsAreInGivesWhatIsThere() throws {
        var turns = turns()
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        _ = turns.receive(try results("the first", 0..<900))
        _ = turns.end(1, now: start)
        #expect(turns.begin(2, now: start) == [.event(.final(transcript("the first"), turn: 1))])
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        _ = turns.end(2, now: start)
        // The answer to the first end is no answer to the second.
        #expect(turns.receive(try results("", 900..<1020, fromFinalize: true)).isEmpty)
        let last = turns.receive(try results("the second", 1020..<2020, fromFinalize: true))
        #expect(last == [.event(.final(transcript("the second"), turn: 2))])
    }

    @Test func aTurnWithoutAudioOrThatNobodyBeganEndsEmpty() {
        var turns = turns()
        #expect(turns.end(3, now: start) == [.event(.final(transcript(""), turn: 3))])
        _ = turns.begin(4, now: start)
        #expect(turns.end(4, now: start) == [.event(.final(transcript(""), turn: 4))])
    }

    @Test func theEndOfSpeechIsToldOnceUntilMoreIsSaid() throws {
        var turns = turns()
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 3000), now: start)
        #expect(turns.receive(try results("", 0..<300, speechFinal: true)).isEmpty)
        #expect(turns.receiveUtteranceEnd(lastWordEnd: 0.3).isEmpty)
        let first = turns.receive(try results("book it", 300..<1000, speechFinal: true))
        #expect(first == [.event(.partial("book it", turn: 1)), .event(.endpoint(turn: 1))])
        #expect(turns.receiveUtteranceEnd(lastWordEnd: 1).isEmpty)
        _ = turns.receive(try results("please", 1000..<2000))
        #expect(turns.receiveUtteranceEnd(lastWordEnd: 2) == [.event(.endpoint(turn: 1))])
    }

    @Test func quietIsBrokenByKeepAliveAndByNothingElse() {
        var turns = turns()
        #expect(turns.deadline == start + .seconds(4))
        #expect(turns.tick(now: start + .seconds(3)).isEmpty)
        #expect(turns.tick(now: start + .seconds(4)) == [.keepAlive])
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 40), now: start + .seconds(7))
        #expect(turns.tick(now: start + .seconds(8)).isEmpty)
        #expect(turns.tick(now: start + .seconds(11)) == [.keepAlive])
    }

    @Test func whatATurnRemembersIsBounded() throws {
        var turns = turns { $0.maximumTextBytes = 20 }
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 1000), now: start)
        for _ in 0..<1000 { _ = turns.receive(try results("ten bytes", 0..<1000)) }
        _ = turns.end(1, now: start)
        let last = turns.receive(try results("", 0..<1020, fromFinalize: true))
        #expect(last == [.event(.final(transcript("ten bytes ten bytes"), turn: 1))])
    }

    @Test(arguments: [
        "{}", #"{"type":"Metadata","request_id":"x"}"#, #"{"type":"Novel","a":[1]}"#, #"{"type":"SpeechStarted"}"#,
    ])
    func unknownMessagesAreTolerated(text: String) throws { #expect(try DeepgramLiveMessage(text) == .other) }

    @Test(arguments: ["", "[]", "{", #"{"type":"Results"}"#, #"{"type":"Results","start":"x","duration":1}"#, "null"])
    func whatIsNoMessageIsNotTaken(text: String) {
        #expect(throws: (any Error).self) { _ = try DeepgramLiveMessage(text) }
    }

    @Test(arguments: [-1, 1e300, 1e9])
    func timesThatCannotBeDoNoHarm(seconds: Double) throws {
        var turns = turns()
        _ = turns.begin(1, now: start)
        _ = turns.feed(samples(milliseconds: 100), now: start)
        let message = try DeepgramLiveMessage(#"{"type":"Results","start":\#(seconds),"duration":\#(seconds)}"#)
        guard case .results(let results) = message else { return }
        _ = turns.receive(results)
        _ = turns.receiveUtteranceEnd(lastWordEnd: seconds)
    }
}
