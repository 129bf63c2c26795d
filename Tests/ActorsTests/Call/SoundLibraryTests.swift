import Actors
import Codecs
import Engine
import Foundation
import Logging
import TestSupport
import Testing

@Suite("Sound library", .timeLimit(.minutes(5)))
struct SoundLibraryTests {
    /// A folder of its own, removed at the end.
    private struct Folder: ~Copyable {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(at: url) }

        func write(_ bytes: [UInt8], as name: String) throws {
            try Data(bytes).write(to: url.appendingPathComponent(name))
        }
    }

    private func wav(seconds: Int, rate: Int, channels: Int = 1) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let samples = (0..<seconds * rate * channels).flatMap { little($0 / channels % 40 < 20 ? 4000 : -4000, 2) }
        return Array("RIFF".utf8) + little(36 + samples.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
            + little(1, 2)
            + little(channels, 2) + little(rate, 4) + little(rate * channels * 2, 4) + little(channels * 2, 2)
            + little(16, 2) + Array("data".utf8) + little(samples.count, 4) + samples
    }

    private func profile(holdMusic: String = "", filler: String = "") -> TenantProfile {
        var profile = TenantProfile.test
        profile.sound.holdMusic = holdMusic
        profile.sound.filler = filler
        return profile
    }

    private func library(_ folder: borrowing Folder, log: LogLines = LogLines()) -> SoundLibrary {
        SoundLibrary(folder: folder.url.path, logger: Logger(label: "test", factory: { _ in log }))
    }

    @Test func musicOfAnyRateBecomesMonoAtTheLinesRate() async throws {
        let folder = try Folder()
        try folder.write(wav(seconds: 2, rate: 44_100, channels: 2), as: "music.wav")
        try folder.write(wav(seconds: 1, rate: 8_000), as: "typing.wav")
        let library = library(folder)
        let tenant = profile(holdMusic: "music.wav", filler: folder.url.path + "/typing.wav")
        await library.load([tenant, .test])
        let sounds = try #require(library.sounds(of: tenant))
        #expect(sounds.holdMusic == 0)
        #expect(sounds.filler == 1)
        #expect(sounds.shelf.recordings.map(\.count) == [16_000, 8_000])
        #expect(library.sounds(of: .test) == nil)
    }

    @Test(arguments: ["missing.wav", "text.wav", "long.wav", "folder", "/dev/zero"])
    func aSoundThatCannotBePlayedIsLoggedOnceAndTheOtherStillPlays(name: String) async throws {
        let folder = try Folder()
        try folder.write(Array("no sound at all".utf8), as: "text.wav")
        try folder.write(wav(seconds: 601, rate: 8_000), as: "long.wav")
        try folder.write(wav(seconds: 1, rate: 8_000), as: "typing.wav")
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("folder"),
            withIntermediateDirectories: true
        )
        let log = LogLines()
        let library = library(folder, log: log)
        let tenant = profile(holdMusic: name, filler: "typing.wav")
        await library.load([tenant])
        let sounds = try #require(library.sounds(of: tenant))
        #expect(sounds.holdMusic == nil)
        #expect(sounds.filler == 0)
        #expect(log.messages == ["a sound of a tenant cannot be played; calls go on without it"])
    }

    @Test func aTenantThatWasNotLoadedGetsItsSoundsForTheNextCall() async throws {
        let folder = try Folder()
        try folder.write(wav(seconds: 1, rate: 8_000), as: "typing.wav")
        let library = library(folder)
        let tenant = profile(filler: "typing.wav")
        #expect(library.sounds(of: tenant) == nil)
        while library.sounds(of: tenant) == nil { try await Task.sleep(for: .milliseconds(1)) }
        #expect(library.sounds(of: tenant)?.filler == 0)
    }
}
