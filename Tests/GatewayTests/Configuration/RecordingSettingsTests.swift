import Foundation
import Gateway
import Testing

@Suite("Recording settings")
struct RecordingSettingsTests {
    private func read(_ environment: [String: String]) async throws -> EngineSettings {
        try await EngineSettings.read(options: [:], environment: environment)
    }

    @Test func nothingIsKeptUnlessItIsAskedFor() async throws {
        let settings = try await read([:])
        #expect(!settings.isRecording)
        #expect(!settings.isCapturing)
    }

    @Test func eachIsSwitchedOnByItself() async throws {
        let recording = try await read(["PARLEY_RECORDINGS": "on"])
        #expect(recording.isRecording && !recording.isCapturing)
        let capturing = try await read(["PARLEY_CAPTURE": "on"])
        #expect(capturing.isCapturing && !capturing.isRecording)
    }

    @Test(arguments: ["PARLEY_RECORDINGS", "PARLEY_CAPTURE"]) func anythingElseIsAFault(key: String) async throws {
        await #expect(throws: SettingsFaults.self) { _ = try await read([key: "sometimes"]) }
    }
}
