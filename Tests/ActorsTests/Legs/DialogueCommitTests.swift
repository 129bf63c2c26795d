import Actors
import Testing

@Suite struct DialogueCommitTests {
    @Test func whoWaitsGoesOnWhenTheTurnIsOver() async throws {
        let commit = DialogueCommit()
        let waiting = (0..<5).map { _ in Task { try await commit.wait() } }
        #expect(!commit.isCommitted)
        commit.commit()
        for task in waiting { try await task.value }
        #expect(commit.isCommitted)
        try await commit.wait()
    }

    @Test(arguments: 0..<50)
    func aTurnThatIsVoidFreesWhoWaits(round: Int) async {
        let commit = DialogueCommit()
        let task = Task { try await commit.wait() }
        if round % 2 == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        commit.commit()
    }
}
