import Actors
import Codecs
import Engine
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    /// A call through a real socket, kept as files.
    @Suite("Recorded calls") struct RecordedCallTests {
        private func files(_ folder: String, _ kind: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(kind)").map { "\(folder)/\(kind)/\($0)" }
        }

        @Test func aCallIsCapturedAndReplayedIdenticallyAndRecorded() async throws {
            var settings = EngineRig.settings
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
                .path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            settings.dataFolder = folder
            settings.isCapturing = true
            settings.isRecording = true
            try await EngineRig.run(settings, legs: EngineRig.legs(script: ["hello there"])) { rig in
                let socket = try await TestSocket.open(port: rig.port)
                try await socket.start()
                _ = try #require(await socket.greeting())
                try await socket.speak(try TestSocket.utterance())
                _ = try #require(await socket.greeting())
                try await socket.stop()
                #expect(try await socket.closeCode() == 1000)
                try await rig.waitUntilEmpty()
            }
            let captures = try files(folder, "captures")
            #expect(captures.count == 1)
            let path = try #require(captures.first)
            #expect(path.hasSuffix(".parley"))
            var events: [CallEvent] = []
            var replay = try CaptureReplay(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
            let report = replay.run { events += $0.events }
            #expect(report.isIdentical, "\(report)")
            #expect(report.ending == .complete)
            #expect(events.contains { if case .replyAudible = $0 { true } else { false } })
            let recordings = try files(folder, "recordings")
            #expect(recordings.count == 1)
            let wav = try WAVFile(
                parsing: Array(try Data(contentsOf: URL(fileURLWithPath: try #require(recordings.first))))
            )
            #expect(wav.format == WAVFormat(encoding: .muLaw, sampleRate: 8000, channels: 2))
            #expect(!wav.isTruncated)
        }

        @Test func aCallGoesOnWhenNothingCanBeWritten() async throws {
            var settings = EngineRig.settings
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)").path
            #expect(FileManager.default.createFile(atPath: file, contents: Data()))
            defer { try? FileManager.default.removeItem(atPath: file) }
            settings.dataFolder = file
            settings.isCapturing = true
            settings.isRecording = true
            try await EngineRig.run(settings) { rig in
                try await rig.placeGoodCall()
                try await rig.waitUntilEmpty()
            }
        }
    }
}
