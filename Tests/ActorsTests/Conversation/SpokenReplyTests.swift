import Actors
import Engine
import Testing

@Suite("Spoken reply")
struct SpokenReplyTests {
    /// Two pieces of three words, each word 1 000 samples long.
    private var reply: SpokenReply {
        var reply = SpokenReply(number: 3)
        for text in ["Yes, of course.", "We open Monday."] {
            var words: [SpokenWord] = []
            var start = 0
            for (index, word) in text.split(separator: " ").enumerated() {
                words.append(
                    SpokenWord(utf8Range: start..<start + word.utf8.count, samples: index * 1000..<(index + 1) * 1000)
                )
                start += word.utf8.count + 1
            }
            reply.pieces.append(SpokenReply.Piece(text: text, words: words))
        }
        return reply
    }

    @Test(
        arguments: [
            (0, 0, "", ["Yes, of course.", "We open Monday."]),
            (0, 599, "", ["Yes, of course.", "We open Monday."]),
            (0, 600, "Yes,", ["of course.", "We open Monday."]),
            (0, 2999, "Yes, of course.", ["We open Monday."]),
            (1, 0, "Yes, of course.", ["We open Monday."]),
            (1, 1700, "Yes, of course. We open", ["Monday."]),
            (1, 9000, "Yes, of course. We open Monday.", []),
        ] as [(Int32, Int32, String, [String])]
    )
    func heardAndUnheardMeetAtAWord(piece: Int32, samples: Int32, heard: String, unheard: [String]) {
        let position = HeardPosition(reply: 3, piece: piece, samples: samples)
        #expect(reply.heard(at: position) == heard)
        #expect(reply.unheard(at: position) == unheard)
    }

    @Test func everyPositionGivesAPrefixThatGrows() {
        var last = ""
        for piece in 0...1 {
            for samples in stride(from: 0, through: 3000, by: 80) {
                let heard = reply.heard(at: HeardPosition(reply: 3, piece: Int32(piece), samples: Int32(samples)))
                #expect(reply.text.hasPrefix(heard))
                #expect(heard.count >= last.count)
                last = heard
            }
        }
        #expect(last == reply.text)
    }

    @Test func aPositionInAnotherReplyMeansNothingWasHeard() {
        #expect(reply.heard(at: HeardPosition(reply: 2, piece: 1, samples: 3000)).isEmpty)
    }

    @Test func whatWasSaidBeforeAResumedReplyStaysHeard() {
        var resumed = reply
        resumed.prefix = "Good morning."
        #expect(resumed.heard(at: HeardPosition(reply: 3, piece: 0, samples: 600)) == "Good morning. Yes,")
    }
}
