import Caller
import Foundation
import TestSupport
import Testing

/// `parley serve` and `parley call --provider ringover` as two programs, with real recognition and a real voice.
@Suite("End to end: Ringover", .serialized)
struct RingoverProgramTests {
    private static let streamToken = "a-streaming-token-of-the-tests"

    private struct Ended {
        var code: Int32
        var output: [UInt8]
        var errors: String
    }

    private func call(_ engine: EngineProcess, _ arguments: [String]) async throws -> Ended {
        let folder = NSTemporaryDirectory() + "parley-" + UUID().uuidString
        let process = Process()
        process.executableURL = EngineProcess.program
        process.arguments = ["call"] + arguments + ["--provider", "ringover", "--url", engine.url, "--out", folder]
        process.currentDirectoryURL = Fixtures.repository
        process.environment = [
            "PATH": "/usr/bin:/bin", "PARLEY_DATA_DIR": folder, "PARLEY_JWT_SECRET": engine.jwtSecret,
        ]
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.start()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return await Task.detached {
            let said = output.fileHandleForReading.readDataToEndOfFile()
            let complained = errors.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return Ended(
                code: process.terminationStatus,
                output: Array(said),
                errors: String(decoding: complained, as: UTF8.self)
            )
        }.value
    }

    @Test(.timeLimit(.minutes(4))) func aCallIsHeardAndAnswered() async throws {
        let engine = try await EngineProcess(["RINGOVER_STREAMING_TOKEN": Self.streamToken])
        let book = "profiles/samples/1-book.wav"
        for rate in ["8000", "16000"] {
            let ended = try await call(
                engine,
                [book, "--json", "--sample-rate", rate, "--stream-token", Self.streamToken]
            )
            #expect(ended.code == 0, "\(ended.errors)")
            let document = try CallDocument(json: ended.output)
            let report = document.call
            #expect(report.provider == "ringover" && report.greetingMs != nil)
            #expect(report.turns.count == 1 && report.turns.first?.responseMs != nil)
            #expect(report.warnings.isEmpty, "\(report.warnings)")
            let heard = document.events.filter { $0.name == .callerSaid }.compactMap(\.text)
            #expect(heard.contains { $0.contains("appointment") }, "\(heard)")
            let said = document.events.filter { $0.name == .agentSaid }.compactMap(\.text)
            #expect(said.contains { $0.contains("Oakfield") } && said.count >= 2, "\(said)")
        }
        let stranger = try await call(engine, [book, "--stream-token", "not-the-engines", "--quiet"])
        #expect(stranger.code == 1)
        #expect(stranger.errors.contains("RINGOVER_STREAMING_TOKEN"), "\(stranger.errors)")
        #expect(try await engine.metrics().contains(#"parley_calls_total{provider="ringover""#))
        try await engine.stop()
    }
}
