import Actors
import Engine
import Foundation
import TestSupport
import Testing

@Suite("What the caller heard")
struct HeardTruthTests {
    private func isPrefixAtWordBorder(_ heard: String, _ text: String) -> Bool {
        text.hasPrefix(heard)
            && (heard.isEmpty || heard.utf8.count == text.utf8.count || text.dropFirst(heard.count).first == " ")
    }

    @Test(arguments: [false, true])
    func atEveryInstantItIsAPrefixAndTheRestIsTheRest(isModelled: Bool) {
        for seed in UInt64(1)...16 {
            let random = RandomReply(seed: seed, isModelled: isModelled)
            let reply = random.spoken
            for position in random.instants(seed: seed) {
                let heard = reply.heard(at: position)
                let rest = reply.unheard(at: position)
                #expect(isPrefixAtWordBorder(heard, reply.text), "seed \(seed): \(heard)")
                #expect(([heard] + rest).filter { !$0.isEmpty }.joined(separator: " ") == reply.text, "seed \(seed)")
                #expect(reply.isEstimated(at: position) == (isModelled || random.hasEstimate(position)), "seed \(seed)")
                guard !isModelled else { continue }
                let truth = random.heardWords(piece: Int(position.piece), samples: Int(position.samples))
                #expect(abs(RandomReply.count(heard) - truth) <= 1, "seed \(seed): \(heard)")
            }
        }
    }

    @Test func theDialogueRemembersExactlyThat() throws {
        for seed in UInt64(1)...5 {
            let random = RandomReply(seed: seed)
            guard !random.pieces.isEmpty else { continue }
            let rig = try Self.speaking(random)
            for var position in random.instants(seed: seed) {
                position.reply = rig.begun.last ?? 0
                var rig = rig
                rig.give(.event(.bargeIn(onset: rig.now, at: rig.now, heard: position)))
                let heard = try #require(
                    rig.happenings.compactMap { happening -> String? in
                        if case .interrupted(_, let heard, _, _) = happening { heard } else { nil }
                    }.last
                )
                let last = try #require(rig.machine.history.last)
                #expect(
                    heard.isEmpty ? !last.wasInterrupted : last.text == heard && last.wasInterrupted,
                    "seed \(seed)"
                )
                #expect(isPrefixAtWordBorder(heard, Self.said(rig)), "seed \(seed): \(heard)")
            }
        }
    }

    @Test func aResumedReplyGoesOnAtTheNextUnheardWord() throws {
        for seed in UInt64(1)...5 {
            let random = RandomReply(seed: seed)
            guard !random.pieces.isEmpty else { continue }
            let rig = try Self.speaking(random)
            let whole = Self.said(rig)
            for var position in random.instants(seed: seed) where position.samples % 480 == 0 {
                position.reply = rig.begun.last ?? 0
                var rig = rig
                rig.give(.event(.bargeIn(onset: rig.now, at: rig.now, heard: position)))
                let last = try #require(rig.machine.history.last)
                let heard = last.wasInterrupted ? last.text : ""
                rig.outputs.removeAll()
                rig.give(.event(.callerDropped(turn: 1, at: rig.now)))
                #expect(([heard] + rig.spoken).filter { !$0.isEmpty }.joined(separator: " ") == whole, "seed \(seed)")
                rig.heard()
                let agent = rig.machine.history.filter { $0.party == .agent }
                #expect(agent.last?.text == whole && agent.last?.wasInterrupted == false, "seed \(seed)")
                #expect(agent.count == 2, "the greeting, and the whole reply once")
            }
        }
    }

    @Test func whatNobodyConfirmedIsAnEstimate() throws {
        let random = RandomReply(seed: 5)
        var rig = try Self.speaking(random)
        let position = HeardPosition(reply: rig.begun.last ?? 0, piece: 0, samples: 1 << 20)
        var confirmed = rig
        confirmed.give(.event(.bargeIn(onset: rig.now, at: rig.now, heard: Self.confirmed(position))))
        rig.give(.event(.bargeIn(onset: rig.now, at: rig.now, heard: position)))
        #expect(rig.machine.history.last?.isEstimated == true)
        #expect(confirmed.machine.history.last?.isEstimated == random.hasEstimate(position))
    }

    @Test func marksOfAModelConfirmNothing() throws {
        let random = RandomReply(seed: 5)
        var line = ConversationLine()
        line.marksAreModelled = true
        var rig = try Self.speaking(random, line: line)
        let position = HeardPosition(reply: rig.begun.last ?? 0, piece: 0, samples: 1 << 20, isConfirmed: true)
        rig.give(.event(.bargeIn(onset: rig.now, at: rig.now, heard: position)))
        #expect(rig.machine.history.last?.isEstimated == true)
    }

    @Test func aMessageWrittenWithoutTheLabelIsRead() throws {
        let json = Data(#"{"party":"agent","text":"Hi","wasInterrupted":true}"#.utf8)
        let message = try JSONDecoder().decode(DialogueMessage.self, from: json)
        #expect(message == DialogueMessage(party: .agent, text: "Hi", wasInterrupted: true))
        let again = try JSONDecoder().decode(DialogueMessage.self, from: JSONEncoder().encode(message))
        #expect(again == message)
    }

    /// The ledger of what was sent, with marks that come back late and unevenly, against what was really played.
    @Test func withMarksItIsOffByAtMostOneWord() {
        for seed in UInt64(1)...10 {
            let random = RandomReply(seed: seed)
            let reply = random.spoken
            var line = Line(random, seed: seed)
            while !line.isOver {
                line.tick()
                guard line.heard.isConfirmed else { continue }
                let heard = reply.heard(at: line.heard)
                let truth = random.heardWords(piece: line.played.piece, samples: line.played.samples)
                #expect(isPrefixAtWordBorder(heard, reply.text), "seed \(seed)")
                #expect(abs(RandomReply.count(heard) - truth) <= 1, "seed \(seed): \(heard)")
            }
        }
    }

    private static func confirmed(_ position: HeardPosition) -> HeardPosition {
        var position = position
        position.isConfirmed = true
        return position
    }

    /// A call in which the agent says the reply, with its words' times known.
    private static func speaking(_ random: RandomReply, line: ConversationLine = .init()) throws -> ConversationRig {
        var rig = ConversationRig.opened(random.profile, line: line)
        rig.callerSays("hello", turn: 1)
        rig.outputs.removeAll { if case .speak = $0 { true } else { false } }
        rig.modelSays(random.text)
        #expect(rig.spoken == random.pieces)
        let reply = try #require(rig.begun.last)
        for (index, words) in random.words.enumerated() {
            rig.give(.speechPlanned(reply: reply, piece: index, words: words))
        }
        rig.begins()
        return rig
    }

    /// The whole reply, as it is published.
    private static func said(_ rig: ConversationRig) -> String {
        rig.happenings.compactMap { if case .agentSaid(_, let text) = $0 { text } else { nil } }.last ?? ""
    }
}

extension RandomReply {
    func hasEstimate(_ position: HeardPosition) -> Bool { words[Int(position.piece)].contains { $0.isEstimated } }
}

/// A line to a provider that plays frames back to back and returns marks: 40 ms one way, marks up to 30 ms late.
private struct Line: ~Copyable {
    private static let oneWay = 2
    private var ledger = PlayoutLedger()
    private var generator: SeededGenerator
    private var frames: [(piece: Int, end: Int)] = []
    /// What is played, by the tick in which the caller has heard it.
    private var playedAt: [Int: (piece: Int, samples: Int)] = [:]
    private var returns: [(tick: Int, mark: Int64)] = []
    private var tickNumber = 0
    private var next = 0
    private(set) var played = (piece: 0, samples: 0)

    init(_ random: RandomReply, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        for (piece, length) in random.lengths.enumerated() {
            frames += stride(from: 160, through: length + 159, by: 160).map { (piece, min($0, length)) }
        }
    }

    var heard: HeardPosition { ledger.heard }
    var isOver: Bool { next == frames.count && tickNumber > frames.count + 20 }

    mutating func tick() {
        let now = MediaInstant(nanoseconds: Int64(tickNumber) * Frame.nanoseconds)
        // Five frames ahead.
        while next < frames.count, ledger.lead(at: now) < .milliseconds(100) {
            let frame = frames[next]
            ledger.sent(reply: 1, piece: Int32(frame.piece), end: Int32(frame.end), now: now)
            let end = Int((ledger.queuedUntil.nanoseconds / Frame.nanoseconds)) + Self.oneWay
            playedAt[end] = (frame.piece, frame.end)
            if next % 10 == 0, let mark = ledger.mark(reply: 1, piece: Int32(frame.piece), end: Int32(frame.end)) {
                returns.append((end + Self.oneWay + Int.random(in: 0...1, using: &generator), mark))
            }
            next += 1
        }
        for mark in returns where mark.tick == tickNumber { _ = ledger.returned(mark: mark.mark, now: now) }
        ledger.advance(to: now)
        if let position = playedAt[tickNumber] { played = (position.piece, position.samples) }
        tickNumber += 1
    }
}
