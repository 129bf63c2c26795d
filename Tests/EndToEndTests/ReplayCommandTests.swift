import Actors
import Engine
import Foundation
import Gateway
import Logging
import TestSupport
import Testing

/// `parley replay` on calls of a tenant with hold music.
@Suite("End to end: replay", .serialized)
struct ReplayCommandTests {
    /// A folder of its own, removed at the end.
    private struct Folder: ~Copyable {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("replay-" + UUID().uuidString)
        init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(at: url) }
        func path(_ name: String) -> String { url.appendingPathComponent(name).path }
    }

    private func run(
        _ arguments: [String],
        in folder: URL = Fixtures.repository
    ) throws -> (code: Int32, errors: String) {
        let process = Process()
        process.executableURL = EngineProcess.program
        process.arguments = ["replay"] + arguments
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "/usr/bin:/bin"]
        let errors = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.start()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: complained, as: UTF8.self))
    }

    /// Three quiet seconds of a call that could play these sounds, as an engine captures them.
    private func capture(_ shelf: RecordingShelf, playing play: BackgroundPlay? = nil) throws -> [UInt8] {
        var ends: CallEnds?
        var media = CallMedia.make(
            configuration: .init(),
            meters: .init(),
            overflows: RingOverflows(),
            isCaptured: true,
            shelf: shelf,
            ends: &ends
        )
        guard var packets = ends?.packets.take(), var messages = ends?.messages.take(),
            var commands = ends?.commands.take(), var capture = ends?.capture.take()
        else { throw CocoaError(.featureUnsupported) }
        var bytes: [UInt8] = []
        for tick in 1...150 as ClosedRange<Int64> {
            if tick == 20, let play { commands.push(.beginBackground(play)) }
            if tick == 150 {
                packets.push(MediaPacket(kind: .ended, value: EndReason.providerStopped.rawValue))
            }
            _ = media.tick(now: MediaInstant(milliseconds: tick * 20))
            while messages.pop() != nil {}
            _ = capture.drain(into: &bytes)
        }
        return bytes
    }

    /// What calls of the first shipped tenant may play.
    private func shippedShelf() async throws -> RecordingShelf {
        let path = Fixtures.repository.appendingPathComponent("profiles/tenants").path
        let profiles = ProfileDirectory.load(path: path).profiles
        let library = SoundLibrary(logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        await library.load(profiles)
        let first = try #require(profiles.first)
        return try #require(library.sounds(of: first)).shelf
    }

    @Test func aCallThatPlaysNothingIsReplayedWithoutProfiles() async throws {
        let folder = try Folder()
        try Data(try capture(try await shippedShelf())).write(to: URL(fileURLWithPath: folder.path("call.parley")))
        try Data("name: [".utf8).write(to: URL(fileURLWithPath: folder.path("broken.yaml")))
        for arguments in [[], ["--profiles", "/nonexistent"], ["--profiles", folder.url.path]] {
            let ended = try run([folder.path("call.parley")] + arguments, in: folder.url)
            #expect(ended.code == 0, "\(ended.errors)")
            #expect(ended.errors.isEmpty)
        }
    }

    @Test func aCallThatPlaysMusicFindsItThroughTheProfiles() async throws {
        let folder = try Folder()
        let bytes = try capture(try await shippedShelf(), playing: BackgroundPlay(recording: 0))
        try Data(bytes).write(to: URL(fileURLWithPath: folder.path("call.parley")))
        let profiles = Fixtures.repository.appendingPathComponent("profiles/tenants").path
        #expect(try run([folder.path("call.parley")]).code == 0)
        #expect(try run([folder.path("call.parley"), "--profiles", profiles], in: folder.url).code == 0)
        let ended = try run([folder.path("call.parley"), "--profiles", folder.url.path])
        #expect(ended.code == 1)
        #expect(ended.errors.contains("--profiles"), "\(ended.errors)")
    }
}
