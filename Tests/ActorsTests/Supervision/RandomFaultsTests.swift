import Actors
import Engine
import Foundation
import TestSupport
import Testing

/// A thousand calls on three legs of three providers each, that fail at random: every turn comes to an end that can be told,
/// and nothing is left of any.
@Suite("Random faults")
struct RandomFaultsTests {
    private static let words = "w1 w2 w3 w4 w5 w6 w7 w8"
    private static let answer = "We open at nine in the morning and close at five."

    @Test(arguments: 0..<10) func everyTurnEndsAndNothingIsLeft(seed: Int) {
        var breaker = CircuitBreaker.Settings()
        breaker.rest = .seconds(1)
        let rig = SupervisionRig(seed: UInt64(seed) + 100, breaker: breaker)
        let chance = rig.unit
        let names = ["a", "b", "c"]
        let model = rig.supervised(names.map { name in Self.model(name, rig, chance) })
        let chat = rig.supervised(names.map { name in Self.chat(name, rig, chance) }) { $0.hedge.isOn = true }
        let voice = rig.supervised(names.map { name in Self.voice(name, rig, chance) })
        let counts = Locked<[String: Int]>([:])
        func count(_ what: String) { counts.withLock { $0[what, default: 0] += 1 } }
        for _ in 0..<100 {
            let call = Self.call(rig, chance)
            count(call.finals == [1, 2] ? "heard" : call.hasFailed ? "deaf" : "lost")
            #expect(call.isInOrder)
            let commit = DialogueCommit()
            commit.commit()
            let reply = rig.ask(model, commit: commit)
            if reply.error == nil {
                #expect(Self.isWhole(reply.text))
                count("answered")
            } else {
                count("unanswered")
            }
            let answer = rig.ask(chat)
            // What is done is what the answer's own model wanted, and only with a whole answer.
            #expect(answer.calls == (answer.error == nil ? ["book"] : []))
            if answer.error == nil {
                #expect(Self.isWhole(answer.text) && answer.finish == .tools)
                count("thought")
            } else {
                count("unthought")
            }
            let spoken = rig.say(Self.words, voice)
            if spoken.error == nil {
                #expect(spoken.words.map(\.utf8Range) == SupervisionRig.sound(of: Self.words).words.map(\.utf8Range))
                // Each word once, in order; a word that was broken off and its whole follow each other.
                #expect(Self.runs(of: spoken.audio) == Array(1...8))
                count("spoken")
            } else {
                count("unspoken")
            }
            #expect(rig.isClean)
        }
        let all = counts.withLock { $0 }
        #expect(all["lost", default: 0] == 0)
        // Two of five requests fail and three providers stand ready: most turns succeed, and not all.
        for what in ["heard", "answered", "thought", "spoken"] { #expect(all[what, default: 0] > 60, "\(what)") }
        #expect(rig.health.snapshot().contains { $0.openings > 0 })
    }

    /// The answer, with what was said before left out by whoever continues it.
    private static func isWhole(_ text: String) -> Bool {
        text.split(separator: " ") == answer.split(separator: " ")
    }

    /// The samples without repetitions. Stretches are compared as bytes: there are six million samples, and an unoptimised
    /// build looks at each of them slowly.
    private static func runs(of audio: [Int16]) -> [Int16] {
        var runs: [Int16] = []
        var start = 0
        while start < audio.count {
            let end = min(start + 80, audio.count)
            let stretch = audio[start..<end]
            let isEven = stretch.withUnsafeBytes { bytes in
                guard let first = bytes.baseAddress else { return true }
                return memcmp(first, first + 2, bytes.count - 2) == 0
            }
            for sample in isEven ? stretch.prefix(1) : stretch where runs.last != sample { runs.append(sample) }
            start = end
        }
        return runs
    }

    private static func fault<Delta>(_ leg: LegKind, _ name: String, _ chance: UnitRandom) -> Step<Delta> {
        switch Int(chance() * 4) {
        case 0: .hang
        case 1: .fail(.fault(leg, name, "busy", retryAfter: .milliseconds(Int64(chance() * 1_500))))
        case 2: .fail(.fault(leg, name, "refused", isRetryable: false))
        default: .fail(.fault(leg, name))
        }
    }

    /// What of the answer is still to be said. Tokens are no words: they break anywhere.
    private static func tokens<Delta>(
        after said: String,
        _ chance: UnitRandom,
        _ delta: (String) -> Delta
    ) -> [Step<Delta>] {
        var steps: [Step<Delta>] = [.wait(.milliseconds(Int64(200 + chance() * 400)))]
        var left = answer.dropFirst(said.count)
        while !left.isEmpty {
            let token = left.prefix(1 + Int(chance() * 5))
            left = left.dropFirst(token.count)
            steps += [.say(delta(String(token))), .wait(.milliseconds(30))]
        }
        return steps
    }

    private static func chat(_ name: String, _ rig: SupervisionRig, _ chance: @escaping UnitRandom) -> ScriptedChat {
        rig.chat(name) { request in
            let call = ChatDelta.call(ToolCall(id: "1", name: "book", arguments: "{}"))
            var steps = tokens(after: request.saidBefore, chance) { ChatDelta.text($0) }
            steps += [.say(call), .wait(.milliseconds(30)), .say(.finished(.tools))]
            guard chance() < 0.4 else { return steps }
            return Array(steps.prefix(Int(chance() * Double(steps.count)))) + [fault(.llm, name, chance)]
        }
    }

    private static func model(_ name: String, _ rig: SupervisionRig, _ chance: @escaping UnitRandom) -> ScriptedModel {
        rig.model(name) { turn in
            let steps = tokens(after: turn.said, chance) { DialogueDelta.text($0) }
            guard chance() < 0.4 else { return steps }
            let cut = Int(chance() * Double(steps.count))
            return Array(steps.prefix(cut)) + [fault(.llm, name, chance)]
        }
    }

    private static func voice(_ name: String, _ rig: SupervisionRig, _ chance: @escaping UnitRandom) -> ScriptedVoice {
        rig.voice(name) { request in
            let steps = SupervisionRig.speech(request.text)
            guard chance() < 0.4 else { return steps }
            return Array(steps.prefix(Int(chance() * Double(steps.count)))) + [fault(.tts, name, chance)]
        }
    }

    private struct Call {
        var finals: [Int] = []
        var hasFailed = false
        /// No turn's transcript twice, none after the failure, nothing after the end.
        var isInOrder = true
    }

    private static func call(_ rig: SupervisionRig, _ chance: @escaping UnitRandom) -> Call {
        let kinds = SupervisedTranscriberTests.faults
        let transcribers = ["a", "b", "c"].map { name in
            let faults = (0..<6).map { _ -> ScriptedTranscriber.Fault in
                chance() < 0.4 ? kinds[Int(chance() * Double(kinds.count))] : .none
            }
            return ScriptedTranscriber(name, rig.time, rig.ledger, faults)
        }
        let leg = SupervisedTranscriber(transcribers, health: rig.health, time: rig.time, random: chance)
        let call = Locked(Call())
        let isClosed = Locked(false)
        rig.time.run {
            let session = try? await leg.open(TranscriptionRequest(profile: .test)) { event in
                let isOver = isClosed.withLock { $0 }
                call.withLock { call in
                    if isOver || call.hasFailed { call.isInOrder = false }
                    if case .failed = event { call.hasFailed = true }
                    if case .final(let transcript, let turn) = event {
                        let whole = (0..<10).map { "\(turn * 100 + $0)" }.joined(separator: " ")
                        if call.finals.contains(turn) || transcript.text != whole { call.isInOrder = false }
                        call.finals.append(turn)
                    }
                }
            }
            for turn in 1...2 {
                session?.begin(turn: turn)
                for chunk in 0..<10 {
                    session?.feed([Int16(turn * 100 + chunk)])
                    try? await rig.time.sleep(.milliseconds(20))
                }
                session?.end(turn: turn)
                try? await rig.time.sleep(.seconds(25))
            }
            session?.close()
            isClosed.withLock { $0 = true }
        }
        return call.withLock { $0 }
    }
}
