import Actors
import Foundation
import Gateway
import Logging
import Synchronization
import TestSupport
import Testing

@Suite("Profile store", .timeLimit(.minutes(5)))
struct ProfileStoreTests {
    private let folder: ProfileFolder
    private let lines = LogLines()
    private let prepared = Prepared()

    init() throws {
        folder = try ProfileFolder()
        try folder.write("tenants/a.yaml", Self.profile("Hello."))
    }

    static func profile(_ greeting: String, number: String = "+12025550100") -> String {
        ProfileFixtures.good(replacing: "greeting: Hello.", with: "greeting: \(greeting)")
            .replacingOccurrences(of: "+12025550100", with: number)
    }

    /// What the preparation was given, and whether it fails.
    private final class Prepared: Sendable {
        private let state = Mutex<(ids: [[String]], fails: Bool)>(([], false))
        var ids: [[String]] { state.withLock { $0.ids } }
        func fail(_ fails: Bool) { state.withLock { $0.fails = fails } }
        func prepare(_ profiles: [TenantProfile]) throws {
            try state.withLock { state in
                state.ids.append(profiles.map(\.id))
                if state.fails {
                    throw LegError(leg: .stt, provider: "fake", code: "x", cause: "no model", isRetryable: false)
                }
            }
        }
    }

    private var path: String { folder.path + "/tenants" }

    private func store(_ change: (inout EngineSettings) -> Void = { _ in }) throws -> ProfileStore {
        var settings = EngineSettings()
        change(&settings)
        let directory = ProfileDirectory.load(path: path)
        try #require(directory.faults.isEmpty, "\(directory.faults)")
        return ProfileStore(directory, settings: settings, logger: lines.logger) { [prepared] in
            try prepared.prepare($0)
        }
    }

    private func greeting(_ store: ProfileStore, _ number: String = "+12025550100") -> String? {
        store.tenants.profile(calledNumber: number)?.greeting
    }

    @Test("A folder in which nothing changes is not read again")
    func quiet() async throws {
        let store = try store()
        for _ in 0..<5 { #expect(await store.look() == nil) }
        #expect(prepared.ids.isEmpty && lines.all.isEmpty)
    }

    @Test("An edit is in force after a quiet look, and only what changed is prepared")
    func edit() async throws {
        try folder.write("tenants/b.yaml", Self.profile("Other.", number: "+12025550101"))
        let store = try store()
        try folder.write("tenants/a.yaml", Self.profile("Good day."))
        #expect(await store.look() == nil)
        #expect(greeting(store) == "Hello.")
        #expect(await store.look() == .applied)
        #expect(greeting(store) == "Good day." && greeting(store, "+12025550101") == "Other.")
        #expect(prepared.ids == [["a"]])
        #expect(await store.look() == nil)
    }

    @Test("A file that is still being written is left alone until it is quiet")
    func halfWritten() async throws {
        let store = try store()
        let text = Self.profile("Good day.")
        let half = text.count / 2
        try folder.write("tenants/a.yaml", String(text.prefix(half)))
        #expect(await store.look() == nil)
        try folder.append("tenants/a.yaml", String(text.dropFirst(half).prefix(20)))
        #expect(await store.look() == nil)
        try folder.append("tenants/a.yaml", String(text.dropFirst(half + 20)))
        #expect(await store.look() == nil)
        #expect(await store.look() == .applied)
        #expect(greeting(store) == "Good day.")
        #expect(lines.all.filter { $0.contains("refused") }.isEmpty)
    }

    @Test("A file renamed over another is noticed, even with the same length and time")
    func renamedOver() async throws {
        let store = try store()
        try folder.replace("tenants/a.yaml", Self.profile("Jello."))
        #expect(await store.look() == nil)
        #expect(await store.look() == .applied)
        #expect(greeting(store) == "Jello.")
    }

    @Test("A bad edit is refused as a whole, once, with file, line, key and reason; then a good one is taken")
    func badEdit() async throws {
        try folder.write("tenants/b.yaml", Self.profile("Other.", number: "+12025550101"))
        let store = try store()
        let bad = Self.profile("Good day.").replacingOccurrences(of: "+12025550142", with: "0012025550177")
            .replacingOccurrences(of: "after: 7s", with: "aftr: 7s")
        try folder.write("tenants/a.yaml", bad)
        try folder.write("tenants/b.yaml", Self.profile("Changed.", number: "+12025550101"))
        _ = await store.look()
        guard case .refused(let faults)? = await store.look() else { Issue.record("not refused"); return }
        #expect(faults.map(\.key) == ["transfer.number", "silence.aftr"])
        #expect(greeting(store) == "Hello." && greeting(store, "+12025550101") == "Other.")
        #expect(await store.look() == nil, "it is not read again until it changes")
        let log = lines.all
        #expect(log.count == 2)
        for part in ["a.yaml", "29", "silence.aftr", "is not a known key", "did you mean `after`?"] {
            #expect(log.last?.contains(part) == true, "\(part) in \(log)")
        }
        #expect(!log.joined().contains("2025550177"))
        #expect(prepared.ids.isEmpty)
        try folder.write("tenants/a.yaml", Self.profile("Good day."))
        _ = await store.look()
        #expect(await store.look() == .applied)
        #expect(greeting(store) == "Good day." && greeting(store, "+12025550101") == "Changed.")
    }

    @Test("A new file is a new tenant; a removed one gets no new calls, but those it has end with its words")
    func addAndRemove() async throws {
        let store = try store()
        try folder.write("tenants/b.yaml", Self.profile("Other.", number: "+12025550101"))
        #expect(await store.reload() == .applied)
        #expect(greeting(store, "+12025550101") == "Other.")
        #expect(prepared.ids == [["b"]])
        try folder.remove("tenants/b.yaml")
        _ = await store.look()
        #expect(await store.look() == .applied)
        #expect(store.tenants.profile(calledNumber: "+12025550101") == nil)
        #expect(store.tenants.profiles.map(\.id) == ["a"])
        #expect(store.tenants.profile(id: "b")?.greeting == "Other.")
        // And back again.
        try folder.write("tenants/b.yaml", Self.profile("Again.", number: "+12025550101"))
        #expect(await store.reload() == .applied)
        #expect(store.tenants.profile(id: "b")?.greeting == "Again.")
    }

    @Test("A folder that is gone, or has nothing in it, changes nothing")
    func deletedFolder() async throws {
        let store = try store()
        try folder.remove("tenants")
        _ = await store.look()
        guard case .refused(let faults)? = await store.look() else { Issue.record("not refused"); return }
        #expect(faults.map(\.file) == [path])
        #expect(await store.look() == nil)
        #expect(greeting(store) == "Hello.")
        try folder.write("tenants/README.md", "nothing here")
        guard case .refused? = await store.reload() else { Issue.record("not refused"); return }
        #expect(greeting(store) == "Hello.")
        try folder.write("tenants/a.yaml", Self.profile("Back again."))
        _ = await store.look()
        #expect(await store.look() == .applied)
        #expect(greeting(store) == "Back again.")
    }

    @Test("When the legs cannot be made ready, the old profiles stay")
    func unprepared() async throws {
        let store = try store()
        prepared.fail(true)
        try folder.write("tenants/a.yaml", Self.profile("Good day."))
        guard case .unprepared(let reason)? = await store.reload() else { Issue.record("prepared"); return }
        #expect(reason.contains("no model"))
        #expect(greeting(store) == "Hello.")
        #expect(lines.all.last?.contains("no model") == true)
        prepared.fail(false)
        #expect(await store.reload() == .applied)
        #expect(greeting(store) == "Good day.")
        #expect(prepared.ids == [["a"], ["a"]])
    }

    @Test("The engine's settings take precedence over a reloaded profile too")
    func settings() async throws {
        let store = try store {
            $0.greeting = "From the settings."
            $0.voice = "rms"
            $0.maximumTurns = 3
        }
        #expect(greeting(store) == "From the settings.")
        try folder.write(
            "tenants/a.yaml",
            Self.profile("Good day.").replacingOccurrences(of: "UTC", with: "Asia/Tokyo")
        )
        #expect(await store.reload() == .applied)
        let profile = try #require(store.tenants.profile(id: "a"))
        #expect(profile.greeting == "From the settings." && profile.voice == "rms")
        #expect(profile.turnTaking.maximumTurns == 3 && profile.timeZone == "Asia/Tokyo")
    }

    @Test("A recording that changes, vanishes or comes back is a change of the profile that names it")
    func recordings() async throws {
        try folder.write("hold.wav", ProfileFolder.wav(seconds: 1))
        try folder.write("tenants/a.yaml", Self.profile("Hello.") + "\nsound: {hold_music: ../hold.wav}\n")
        let store = try store()
        #expect(await store.look() == nil)
        try folder.write("hold.wav", ProfileFolder.wav(seconds: 2))
        _ = await store.look()
        #expect(await store.look() == .applied)
        try folder.remove("hold.wav")
        _ = await store.look()
        guard case .refused(let faults)? = await store.look() else { Issue.record("not refused"); return }
        #expect(faults.map(\.key) == ["sound.hold_music"])
        try folder.write("hold.wav", ProfileFolder.wav(seconds: 3))
        _ = await store.look()
        #expect(await store.look() == .applied)
    }

    @Test("Readings asked for at the same time happen one after the other, and the last one wins")
    func together() async throws {
        let store = try store()
        try folder.write("tenants/a.yaml", Self.profile("Good day."))
        let results = await withTaskGroup(of: ProfileReload?.self) { group in
            for _ in 0..<8 { group.addTask { await store.reload() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: .applied, count: 8))
        #expect(greeting(store) == "Good day.")
        #expect(prepared.ids.count == 8 && prepared.ids.filter { $0 == ["a"] }.count == 1)
    }

    @Test("Tenants without a folder have nothing to read")
    func fixed() async {
        let store = ProfileStore([.test], settings: EngineSettings())
        #expect(await store.reload() == nil)
        #expect(await store.look() == nil)
    }
}

/// What a logger wrote.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    /// Warnings and worse.
    var logger: Logger {
        Logger(label: "test") { JSONLogHandler(label: $0, level: .warning, write: self.add) }
    }
    private func add(_ line: String) { lines.withLock { $0.append(line) } }
}
