import Codecs
import Engine
import TestSupport
import Testing

/// A whole call in virtual time: greeting, a caller's turn, an answer, an interruption.
@Suite("Call pipeline")
struct CallPipelineTests {
    private func recording(_ name: String) throws -> [UInt8] { try Fixtures.bytes("speech/\(name).ulaw") }

    private func conversation() throws -> PipelineRig {
        var rig = PipelineRig()
        rig.reply(1, frames: 100)
        rig.quiet(150)
        rig.say(try recording("flite_slt_00"), silence: 60)
        rig.reply(2, frames: 400)
        rig.quiet(60)
        rig.say(try recording("flite_rms_05"), silence: 60)
        return rig
    }

    @Test func aConversationGoesGreetingTurnAnswerInterruptionTurn() throws {
        let rig = try conversation()
        let kinds = rig.ports.events.map { event in
            switch event {
            case .replyAudible(let reply, _): "audible \(reply)"
            case .replyPlayed(let reply, _): "played \(reply)"
            case .callerStarted(let turn, _): "started \(turn)"
            case .callerEnded(let turn, _, _): "ended \(turn)"
            case .bargeIn: "barge-in"
            default: "\(event)"
            }
        }
        #expect(
            kinds == [
                "audible 1", "played 1", "started 1", "ended 1", "audible 2", "started 2", "barge-in", "ended 2",
            ]
        )
    }

    @Test func repetitionGivesTheSameBytes() throws {
        let first = try conversation()
        let second = try conversation()
        let digests = [first.digest, second.digest]
        #expect(digests[0] == digests[1])
        // A different conversation has another digest, so the comparison can fail.
        var other = try conversation()
        other.say(try recording("flite_rms_05"), silence: 60)
        let changed = other.digest
        #expect(changed != digests[0])
    }

    @Test func aBargeInIsDecidedWithin300MillisecondsOfItsOnset() throws {
        let rig = try conversation()
        let delays = rig.ports.events.compactMap { event -> Int64? in
            if case .bargeIn(let onset, let at, _) = event {
                onset.duration(to: at).nanoseconds / 1_000_000
            } else {
                nil
            }
        }
        #expect(delays.count == 1)
        #expect(delays.allSatisfy { (160...300).contains($0) }, "\(delays)")
    }

    @Test func afterABargeInNothingMoreIsHeardAndTheHeardPositionIsWhatWasPlayed() throws {
        let rig = try conversation()
        #expect(rig.ports.sent.filter { $0.kind == .clear }.count == 1)
        let clear = try #require(rig.ports.sent.firstIndex { $0.kind == .clear })
        let after = rig.ports.sent[clear...]
        #expect(!after.contains { $0.kind == .audio })
        let heard = rig.ports.events.compactMap { event -> HeardPosition? in
            if case .bargeIn(_, _, let heard) = event { heard } else { nil }
        }
        let position = try #require(heard.first)
        #expect(position.reply == 2)
        // The rig's phone counts what it really played of reply 2; model and phone differ by a frame at most.
        let played = rig.played.count - 100
        let modelled = (Int(position.piece) * 50 * 160 + Int(position.samples)) / 160
        #expect(abs(played - modelled) <= 1, "played \(played), modelled \(modelled)")
    }

    @Test func theAgentIsNeverMoreThanItsLeadAhead() throws {
        var rig = PipelineRig()
        rig.reply(1, frames: 200)
        for tick in 1...100 {
            rig.quiet(1)
            let sent = rig.ports.sent.filter { $0.kind == .audio }.count
            #expect(sent <= tick - 1 + 5, "tick \(tick)")
        }
        rig.quiet(150)
        #expect(rig.played.count == 200)
    }

    @Test func speechReachesTheRecogniserWithItsTurnsBorders() throws {
        var rig = PipelineRig()
        rig.say(try recording("flite_slt_05"), silence: 60)
        let kinds = rig.ports.heard.filter { $0.kind != .audio }.map(\.kind)
        #expect(kinds == [.begin, .end])
        #expect(rig.ports.heard.first?.kind == .begin && rig.ports.heard.last?.kind == .end)
        // The label says speech starts at 620 ms: frame 31. The border comes at most 200 ms later, and the 23 frames of the
        // pre-roll come with it.
        let begin = try #require(rig.ports.heard.first).at.milliseconds / 20
        #expect((31...42).contains(begin), "\(begin)")
        #expect(rig.ports.heard.dropFirst().prefix(23).allSatisfy { $0.at.milliseconds / 20 == begin })
        let end = try #require(rig.ports.heard.last).at.milliseconds / 20
        #expect(rig.ports.heard.filter { $0.kind == .audio }.count == Int(end - begin) + 23)
    }

    @Test func framesOfAnySizeGiveTheSameAudio() throws {
        let audio = try recording("flite_slt_02")
        var whole = PipelineRig()
        whole.say(audio)
        for size in [80, 7, 159] {
            var rig = PipelineRig()
            var packets: [[UInt8]] = []
            for start in stride(from: 0, to: audio.count, by: size) {
                packets.append(Array(audio[start..<min(start + size, audio.count)]))
            }
            for packet in packets { rig.step(caller: packet) }
            let samples = rig.ports.heard.filter { $0.kind == .audio }
            let expected = whole.ports.heard.filter { $0.kind == .audio }
            // The detector's clock moves with the frames; where packets end inside a frame it is told a packet later.
            #expect(abs(samples.count - expected.count) <= 1 && samples.count > 50)
            for (one, other) in zip(samples, expected) {
                for index in 0..<160 where one.samples[index] != other.samples[index] {
                    Issue.record("sample \(index) differs with packets of \(size)")
                    return
                }
            }
        }
    }

    @Test func aStallThenABurstLosesNothingAndEndsNoTurnInBetween() throws {
        let audio = try recording("flite_slt_00")
        var rig = PipelineRig()
        let middle = audio.count / 320 * 160
        rig.say(Array(audio[..<middle]))
        for _ in 0..<40 { rig.step() }  // 800 ms without a packet
        for start in stride(from: middle, to: audio.count, by: 160) {
            var packet = MediaPacket(kind: .audio, count: UInt8(min(160, audio.count - start)))
            for index in 0..<Int(packet.count) { packet.bytes[index] = audio[start + index] }
            rig.ports.packets.append(packet)
        }
        rig.step()
        rig.quiet(60)
        let ended = rig.ports.events.filter { if case .callerEnded = $0 { true } else { false } }
        #expect(ended.count == 1)
    }

    @Test func aCallerWhoseFramesStopForLongIsTakenToBeSilent() throws {
        var rig = PipelineRig()
        rig.say(Array(try recording("flite_slt_00").prefix(16_000)))
        for _ in 0..<100 { rig.step() }
        #expect(rig.ports.events.contains { if case .callerEnded = $0 { true } else { false } })
    }

    @Test func minutesOfSilenceAreReportedAsIdleAndEndAtTheLimit() {
        var configuration = PipelineConfiguration()
        configuration.maximumCall = .seconds(60)
        configuration.closingTime = .seconds(5)
        var rig = PipelineRig(configuration)
        rig.quiet(66 * 50)
        let idle = rig.ports.events.filter { if case .idle = $0 { true } else { false } }
        #expect(idle.count == 9)
        #expect(rig.ports.events.contains { if case .timeUp = $0 { true } else { false } })
        #expect(rig.ports.events.last.map { if case .ended(.tooLong, _) = $0 { true } else { false } } == true)
        #expect(rig.ports.sent.last?.kind == .close)
    }

    @Test func chunksOfAReplyThatWasStoppedAreDropped() {
        var rig = PipelineRig()
        rig.reply(1, frames: 100)
        rig.quiet(10)
        rig.ports.commands = [.stopSpeaking]
        rig.quiet(10)
        rig.reply(2, frames: 3)
        rig.quiet(30)
        let audible = rig.ports.events.compactMap { event -> Int32? in
            if case .replyAudible(let reply, _) = event { reply } else { nil }
        }
        #expect(audible == [1, 2])
        #expect(rig.ports.speech.isEmpty)
    }

    @Test func aReplyWithoutSoundIsPlayedAtOnce() {
        var rig = PipelineRig()
        rig.reply(1, frames: 0)
        rig.quiet(2)
        #expect(rig.ports.events.contains { if case .replyPlayed(1, _) = $0 { true } else { false } })
    }

    @Test func aGapInTheAgentsSpeechIsCounted() {
        let meters = PipelineMeters()
        var rig = PipelineRig(meters: meters)
        rig.ports.commands = [.beginReply(1)]
        rig.ports.speech = [SpeechChunk(reply: 1, piece: 0, offset: 0, count: 160)]
        rig.quiet(6)
        #expect(meters.underruns.value >= 3)
    }

    @Test func aStalledSocketLosesNoSpeech() {
        var rig = PipelineRig()
        rig.reply(1, frames: 20)
        rig.ports.hasRoom = false
        rig.quiet(50)
        #expect(rig.ports.sent.isEmpty)
        rig.ports.hasRoom = true
        rig.quiet(40)
        #expect(rig.played.count == 20)
    }

    @Test func aProtectedStartCannotBeInterrupted() throws {
        var configuration = PipelineConfiguration()
        configuration.protectedStart = .seconds(10)
        var rig = PipelineRig(configuration)
        rig.reply(1, frames: 300)
        rig.quiet(5)
        rig.say(try recording("flite_slt_00"))
        #expect(!rig.ports.events.contains { if case .bargeIn = $0 { true } else { false } })
        #expect(!rig.ports.sent.contains { $0.kind == .clear })
    }
}
