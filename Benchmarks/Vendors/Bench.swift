import Caller
import Engine
import Foundation
import VendorServers

/// What the parts share: the servers, one engine on them, and its events.
struct Bench: Sendable {
    /// A part's amounts: whole, or small for a look that it works.
    struct Amounts: Sendable {
        var calls = 50
        var turnSeconds = 60
        var failoverTurns = 15
        var hearingCalls = 12
        var bargeIns = 12
        var soakCalls = 1000
        var soakAtOnce = 50
        /// Connections that are kept without being used are closed within a minute.
        var settling = Duration.seconds(70)

        static let quick: Amounts = {
            var amounts = Amounts()
            amounts.calls = 10
            amounts.turnSeconds = 12
            amounts.failoverTurns = 6
            amounts.hearingCalls = 4
            amounts.bargeIns = 4
            amounts.soakCalls = 40
            amounts.soakAtOnce = 20
            amounts.settling = .seconds(12)
            return amounts
        }()
    }

    enum Number {
        static let turnsOne = "+15550201", turnsTwo = "+15550202"
        static let plainOne = "+15550203", plainTwo = "+15550204"
        static let hearing = "+15550205", thinking = "+15550206", speaking = "+15550207"
        static let interruptOne = "+15550208", interruptTwo = "+15550209", interruptThree = "+15550210"
        static let soakOne = "+15550211", soakTwo = "+15550212"
    }

    static let tenants = [
        VendorTenant("turns-one", number: Number.turnsOne, llm: ["openai"], tts: ["elevenlabs"]),
        VendorTenant("turns-two", number: Number.turnsTwo, llm: ["anthropic"], tts: ["deepgram"]),
        VendorTenant("plain-one", number: Number.plainOne, llm: ["openai"], tts: ["elevenlabs"], speculates: false),
        VendorTenant("plain-two", number: Number.plainTwo, llm: ["anthropic"], tts: ["deepgram"], speculates: false),
        VendorTenant(
            "failing-ear",
            number: Number.hearing,
            stt: ["deepgram", "embedded"],
            llm: ["openai"],
            tts: ["elevenlabs"],
            speculates: false
        ),
        VendorTenant(
            "failing-mind",
            number: Number.thinking,
            llm: ["openai", "anthropic"],
            tts: ["deepgram"],
            speculates: false
        ),
        VendorTenant(
            "failing-voice",
            number: Number.speaking,
            llm: ["anthropic"],
            tts: ["elevenlabs", "openai"],
            speculates: false
        ),
        VendorTenant("interrupt-one", number: Number.interruptOne, llm: ["openai"], tts: ["elevenlabs"]),
        VendorTenant("interrupt-two", number: Number.interruptTwo, llm: ["anthropic"], tts: ["deepgram"]),
        VendorTenant("interrupt-three", number: Number.interruptThree, llm: ["anthropic"], tts: ["openai"]),
        // Behind Deepgram a transcriber that costs nothing: fifty recognisers at once need more than a core, and the run would
        // measure them.
        VendorTenant(
            "soak-one",
            number: Number.soakOne,
            stt: ["deepgram", "timed"],
            llm: ["openai", "anthropic", "embedded"],
            tts: ["elevenlabs", "deepgram", "embedded"]
        ),
        VendorTenant(
            "soak-two",
            number: Number.soakTwo,
            stt: ["deepgram", "timed"],
            llm: ["anthropic", "openai", "embedded"],
            tts: ["deepgram", "openai", "embedded"]
        ),
    ]

    /// What callers are understood to say: no word of it calls for more.
    static let words = ["opening", "hours"]
    /// Every piece of it is new each time: what was spoken once is kept, and no voice is asked for it.
    static let answer = "Number # is open till six. Anything else for number #?"
    /// Forty words: still being thought and spoken when it is interrupted.
    static let longAnswer = (1...8).map { "Of # this is sentence \($0)." }.joined(separator: " ")

    let park: VendorPark
    let engine: EngineUnderTest
    let events: EventLog
    let amounts: Amounts
    let samples: String

    func utterance(_ name: String) throws -> Utterance {
        Utterance(name: name, audio: try AudioFile.read("\(samples)/\(name).wav"))
    }

    func call(_ number: String, _ utterances: [Utterance]) -> TwilioCallConfiguration {
        var call = TwilioCallConfiguration(engineURL: engine.url, utterances: utterances)
        call.to = number
        return call
    }

    func census() -> ProcessCensus { ProcessCensus(pid: engine.pid, port: engine.port) }

    /// Back to servers without a fault that take the time they are told.
    func reset(_ delays: VendorPark.Delays = VendorPark.Delays()) {
        park.heal()
        park.pace(delays)
        park.say(Self.answer)
        _ = events.take()
    }
}
