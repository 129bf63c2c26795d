import Actors
import Foundation
import Gateway
import Logging
import Testing

@Suite("Profile directory")
struct ProfileDirectoryTests {
    /// A directory of its own for each test, removed afterwards.
    private func withDirectory(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "parley-profiles-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        for (name, text) in files { try Data(text.utf8).write(to: url.appending(path: name)) }
        try body(url.path)
    }

    @Test("The shipped profiles have no fault, and one of them takes every number")
    func shipped() {
        let directory = ProfileDirectory.load(path: ProfileFixtures.directory)
        #expect(directory.faults == [])
        #expect(directory.profiles.map(\.id) == ["oakfield-vets", "saffron-catering"])
        #expect(directory.profiles.filter { $0.numbers.contains("*") }.map(\.id) == ["oakfield-vets"])
        #expect(directory.profiles.allSatisfy { $0.transfer != nil && !$0.emergency.words.isEmpty })
    }

    /// Read from a folder that is named from the working folder on, as by default: their sounds are found there too.
    @Test("The shipped profiles' sounds can be played")
    func shippedSounds() async throws {
        let here = FileManager.default.currentDirectoryPath
        let path =
            ProfileFixtures.directory.hasPrefix(here + "/")
            ? String(ProfileFixtures.directory.dropFirst(here.count + 1)) : ProfileFixtures.directory
        let profiles = ProfileDirectory.load(path: path).profiles
        let library = SoundLibrary(logger: Logger(label: "test"))
        await library.load(profiles)
        for profile in profiles where !profile.sound.holdMusic.isEmpty {
            let sounds = try #require(library.sounds(of: profile))
            #expect(sounds.holdMusic != nil && sounds.filler != nil, "\(profile.id)")
        }
        #expect(profiles.contains { !$0.sound.holdMusic.isEmpty })
    }

    @Test("A captured call's sounds are found by their fingerprint, also beside a faulty profile")
    func shelves() async throws {
        let shipped = ProfileDirectory.load(path: ProfileFixtures.directory)
        let library = SoundLibrary(logger: Logger(label: "test"))
        await library.load(shipped.profiles)
        let own = try #require(library.sounds(of: shipped.profiles[0])).shelf
        #expect(await shipped.shelf(fingerprint: own.fingerprint)?.recordings == own.recordings)
        #expect(await shipped.shelf(fingerprint: own.fingerprint &+ 1) == nil)

        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-profiles-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = URL(filePath: ProfileFixtures.directory).deletingLastPathComponent()
        try FileManager.default.copyItem(at: source, to: folder)
        try Data("name: [".utf8).write(to: folder.appending(path: "tenants/broken.yaml"))
        let faulty = ProfileDirectory.load(path: folder.path + "/tenants")
        #expect(!faulty.faults.isEmpty)
        #expect(await faulty.shelf(fingerprint: own.fingerprint)?.fingerprint == own.fingerprint)
        #expect(await ProfileDirectory.load(path: "/nonexistent/profiles").shelf(fingerprint: own.fingerprint) == nil)
    }

    @Test("A number that two files claim is a fault of the second")
    func duplicateNumber() throws {
        try withDirectory(["a.yaml": ProfileFixtures.good, "b.yaml": ProfileFixtures.good]) { path in
            let directory = ProfileDirectory.load(path: path)
            #expect(directory.profiles.map(\.id) == ["a"])
            #expect(directory.faults.map(\.key) == ["numbers[0]"])
            #expect(directory.faults[0].line == 2)
            #expect(directory.faults[0].file == "\(path)/b.yaml")
            #expect(directory.faults[0].problem == "is claimed by \(path)/a.yaml too")
        }
    }

    @Test("Faults of all files are collected, and other files are left alone")
    func severalFiles() throws {
        let files = [
            "a.yaml": ProfileFixtures.good, "b.yml": "name: [", "c.yaml": "name: x", "README.md": "no profile",
            ".hidden.yaml": "[",
        ]
        try withDirectory(files) { path in
            let directory = ProfileDirectory.load(path: path)
            #expect(directory.profiles.map(\.id) == ["a"])
            #expect(Set(directory.faults.map(\.file)) == ["\(path)/b.yml", "\(path)/c.yaml"])
        }
    }

    @Test("Two files with one id clash")
    func sameIdentifier() throws {
        let other = ProfileFixtures.good(replacing: "+12025550100", with: "+12025550101")
        try withDirectory(["a.yaml": ProfileFixtures.good, "a.yml": other]) { path in
            #expect(
                ProfileDirectory.load(path: path).faults.map(\.problem) == ["another file has the same tenant id `a`"]
            )
        }
    }

    @Test("What cannot be read says why")
    func unreadable() throws {
        #expect(ProfileDirectory.load(path: "/nonexistent/profiles").faults.count == 1)
        try withDirectory([:]) { path in
            #expect(ProfileDirectory.load(path: path).faults[0].problem.contains("no tenant profile"))
        }
        try withDirectory(["big.yaml": String(repeating: "#", count: 70_000)]) { path in
            #expect(ProfileDirectory.load(path: path).faults[0].problem == "the file is too large")
            try Data([0x6E, 0xFF, 0xFE]).write(to: URL(filePath: path).appending(path: "big.yaml"))
            #expect(ProfileDirectory.load(path: path).faults[0].problem == "the file is not UTF-8")
            try FileManager.default.createDirectory(atPath: "\(path)/dir.yaml", withIntermediateDirectories: true)
            #expect(ProfileDirectory.load(path: path).faults.map(\.problem).contains("the file cannot be read"))
        }
    }
}
