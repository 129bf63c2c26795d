import Legs
import Testing

@Suite("Turn on a Speak socket")
struct AuraTurnTests {
    private typealias Input = AuraTurn.Input
    private typealias Output = AuraTurn.Output

    private func outputs(_ inputs: [Input]) -> [Output] {
        var turn = AuraTurn()
        return inputs.map { turn.handle($0) }
    }

    @Test func aPieceEndsWithItsFlushed() {
        #expect(outputs([.audio, .audio, .flushed]) == [.play, .play, .finished])
    }

    @Test func afterAClearEverythingIsDroppedUntilCleared() {
        let inputs: [Input] = [.audio, .cancelled, .audio, .flushed, .audio, .cleared]
        #expect(outputs(inputs) == [.play, .sendClear, .none, .none, .none, .finished])
    }

    @Test func aPieceIsClearedOnce() {
        #expect(outputs([.cancelled, .cancelled]) == [.sendClear, .none])
        #expect(outputs([.flushed, .cancelled]) == [.finished, .none])
    }

    @Test func whatNobodyAskedForIsUnexpected() {
        #expect(outputs([.cleared]) == [.unexpected])
        #expect(outputs([.flushed, .audio, .flushed, .cleared]) == [.finished, .unexpected, .unexpected, .unexpected])
    }
}
