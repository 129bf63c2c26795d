import AudioQuality
import Codecs
import Engine
import TestSupport
import Testing

/// The whole pipeline against a phone that gives back what it plays.
@Suite("Echoing phone")
struct EchoingPhoneTests {
    /// A loudspeaker phone: what it played comes back later and quieter, over a little noise, with what the caller says.
    private struct Phone {
        var delayMilliseconds: Int
        var lossDecibels: Double
        var random = SeededGenerator(seed: 9)
        private var gain: Double { [12.0: 0.2512, 15: 0.1778, 20: 0.1][lossDecibels] ?? 1 }

        init(delayMilliseconds: Int, lossDecibels: Double) {
            self.delayMilliseconds = delayMilliseconds
            self.lossDecibels = lossDecibels
        }

        /// The frame that was spoken while the newest of `earpiece` was played.
        mutating func frame(_ earpiece: [FrameBytes], caller: ArraySlice<Int16> = []) -> [UInt8] {
            let start = (earpiece.count - 1) * Frame.samples - delayMilliseconds * 8
            return (0..<Frame.samples).map { index in
                // Two paths: the direct one and a reflection 4 ms later.
                let echo = played(earpiece, start + index) * 0.9 - played(earpiece, start + index - 32) * 0.4
                let voice = index < caller.count ? Double(caller[caller.startIndex + index]) : 0
                let sum = echo * gain + voice + Double.random(in: -30...30, using: &random)
                return MuLaw.byte(Int16(max(-32768, min(32767, sum.rounded()))))
            }
        }

        private func played(_ earpiece: [FrameBytes], _ sample: Int) -> Double {
            guard sample >= 0 else { return 0 }
            return Double(MuLaw.linear(earpiece[sample / Frame.samples][sample % Frame.samples]))
        }
    }

    private struct Outcome {
        var bargeIns = 0
        var turns = 0
        var audibleFrames = 0
    }

    private static let replySeconds = 12.0
    private static let replies = 5

    /// Five replies of 12 s with two seconds between them; the caller talks over the fourth, `caller` frames into the call.
    private func call(_ phone: Phone, voice: String, interruption: [Int16]? = nil, seed: UInt64) throws -> Outcome {
        let material = try EchoMaterial(Corpus())
        var phone = phone
        var rig = PipelineRig()
        for number in 0..<Self.replies {
            rig.reply(
                Int32(number + 1),
                speech: material.agent(voice: voice, seconds: Self.replySeconds, seed: seed + UInt64(number))
            )
            for frame in 0..<Int(Self.replySeconds + 2) * 50 {
                var said: ArraySlice<Int16> = []
                if let interruption, number == 3, frame >= 200 {
                    let first = (frame - 200) * Frame.samples
                    said = interruption[min(first, interruption.count)..<min(first + Frame.samples, interruption.count)]
                }
                let earpiece = rig.earpiece
                rig.step(caller: earpiece.isEmpty ? nil : phone.frame(earpiece, caller: said))
            }
        }
        var outcome = Outcome(audibleFrames: rig.played.count)
        for event in rig.ports.events {
            switch event {
            case .bargeIn: outcome.bargeIns += 1
            case .callerStarted: outcome.turns += 1
            default: break
            }
        }
        return outcome
    }

    @Test(arguments: [(40, 12.0), (120, 20), (250, 12), (400, 15)], ["slt", "rms"])
    func theAgentNeverInterruptsItselfAndItsEchoIsNoTurn(line: (delay: Int, loss: Double), voice: String) throws {
        let phone = Phone(delayMilliseconds: line.delay, lossDecibels: line.loss)
        let outcome = try call(phone, voice: voice, seed: UInt64(300 + line.delay))
        #expect(outcome.bargeIns == 0)
        #expect(outcome.turns == 0)
        #expect(outcome.audibleFrames == Self.replies * Int(Self.replySeconds) * 50)
    }

    @Test(arguments: [(40, 12.0), (120, 20), (250, 12), (400, 15)])
    func aCallerWhoInterruptsIsHeard(line: (delay: Int, loss: Double)) throws {
        let phone = Phone(delayMilliseconds: line.delay, lossDecibels: line.loss)
        let said = try Fixtures.bytes("speech/flite_rms_05.ulaw").map { MuLaw.linear($0) }
        let outcome = try call(phone, voice: "slt", interruption: said, seed: UInt64(700 + line.delay))
        #expect(outcome.bargeIns == 1)
        #expect(outcome.turns >= 1)
    }
}
