import Foundation
import Gateway
import TestSupport
import Testing

/// Whatever bytes come, the parser gives a frame or a fault, and agrees with Foundation about what is JSON.
@Suite("Hostile Twilio messages")
struct TwilioHostileInputTests {
    private static func messages() throws -> [[UInt8]] {
        try WireVectors.list("twilio-stream-messages.json", "messages").filter { $0.text("frame") == "text" }
            .map { Array($0.text("text").utf8) }
    }

    @Test func noPartOfAMessageIsAMessage() throws {
        for text in try Self.messages() where Received.fault(text) == nil {
            for cut in 1..<text.count {
                guard case .json = Received.fault(Array(text[..<cut])), case .json = Received.fault(Array(text[cut...]))
                else {
                    Issue.record("a part was accepted: \(String(decoding: text, as: UTF8.self)) cut at \(cut)")
                    return
                }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func noMutationIsMoreThanAFault(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let originals = try Self.messages()
        var accepted = 0
        for _ in 0..<3000 {
            var text = originals[Int.random(in: 0..<originals.count, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutate(&text, &random) }
            do throws(TwilioFrame.Fault) {
                let frame = try TwilioFrame.parse(text.span)
                accepted += 1
                for range in [frame.streamSid, frame.payload, frame.name].compactMap({ $0?.range }) {
                    #expect(range.lowerBound >= 0 && range.upperBound <= text.count, "seed \(seed)")
                }
                if String(validating: text, as: UTF8.self) != nil {
                    #expect(
                        (try? WireVectors.parse(Data(text))) != nil,
                        "seed \(seed): \(String(decoding: text, as: UTF8.self))"
                    )
                }
                _ = try? Received(text).audio()
                if let name = frame.name { _ = MarkName.number(text.span, in: name.range) }
                if frame.event == .start { _ = try? JSONDecoder().decode(TwilioStart.self, from: Data(text)) }
            } catch {
                if case .json(.syntax(let offset)) = error {
                    #expect(offset >= 0 && offset <= text.count, "seed \(seed)")
                    let written = String(decoding: text, as: UTF8.self)
                    // Foundation takes a comma before a closing bracket; RFC 8259 does not.
                    let isLenient = written.contains(/,\s*[}\]]/)
                    #expect(isLenient || (try? WireVectors.parse(Data(text))) == nil, "seed \(seed): \(written)")
                }
            }
        }
        #expect(accepted > 100, "mutations inside strings and numbers leave messages whole")
    }

    @Test func noiseIsAFault() {
        var random = SeededGenerator(seed: 77)
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(Received.fault(text) != nil)
        }
    }

    private static func mutate(_ text: inout [UInt8], _ random: inout SeededGenerator) {
        guard !text.isEmpty else { return }
        let at = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: text[at] = UInt8.random(in: 0...255, using: &random)
        case 1: text.remove(at: at)
        case 2: text.insert(Array(#"{}[]",:\0e-"#.utf8).randomElement(using: &random) ?? 0, at: at)
        case 3: text.removeSubrange(at..<min(text.count, at + 20))
        case 4: text.insert(contentsOf: text[at..<min(text.count, at + 30)], at: at)
        default: text.swapAt(at, Int.random(in: 0..<text.count, using: &random))
        }
    }
}
