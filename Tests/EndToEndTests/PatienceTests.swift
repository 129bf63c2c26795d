import Foundation
import TestSupport
import Testing

/// A test that cannot end must not keep the others waiting.
@Suite("Patience of a test", .timeLimit(.minutes(5)))
struct PatienceTests {
    @Test func whatEndsIsWaitedFor() async throws {
        #expect(try await Patience.wait(for: "a number") { 7 } == 7)
        await #expect(throws: CocoaError.self) {
            try await Patience.wait(for: "an error") { throw CocoaError(.fileNoSuchFile) }
        }
    }

    @Test func whatNeverEndsIsNamed() async throws {
        let error = await #expect(throws: Patience.Exhausted.self) {
            // Deaf to cancellation, as a hanging engine is.
            try await Patience.wait(for: "nothing", atMost: .milliseconds(50)) {
                await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            }
        }
        #expect(try #require(error).description.hasPrefix("nothing did not come to an end"))
    }

    @Test func aProgramThatHangsIsKilled() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sleep")
        process.arguments = ["300"]
        let output = Pipe()
        process.standardOutput = output
        try process.start(atMost: .seconds(1))
        #expect(output.fileHandleForReading.readDataToEndOfFile().isEmpty)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
    }
}
