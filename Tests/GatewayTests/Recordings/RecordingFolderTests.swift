import Actors
import Foundation
import Gateway
import Testing

/// Recordings as files: private, whole or called unfinished, and every refusal of the disk told apart.
@Suite("Recording folder")
struct RecordingFolderTests {
    /// A data folder that is gone when the test is.
    private final class DataFolder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)").path
        var files: RecordingFolder { RecordingFolder(dataFolder: path) }

        func mode(_ path: String) throws -> Int {
            (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue ?? -1
        }
        func remove() { try? FileManager.default.removeItem(atPath: path) }
        deinit { remove() }
    }

    private func fault(_ body: () throws -> Void) -> RecordingFault? {
        do {
            try body()
            return nil
        } catch {
            return error as? RecordingFault
        }
    }

    @Test func aFileIsPrivateAndGetsItsNameWhenItIsWhole() throws {
        let data = DataFolder()
        let sink = try data.files.open(.recording, call: "call-1")
        let path = data.files.path(.recording, call: "call-1")
        #expect(path == data.path + "/recordings/call-1.wav")
        try sink.append([1, 2, 3, 4])
        try sink.append([5, 6])
        try sink.rewriteStart([9, 8])
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(FileManager.default.contents(atPath: path + ".part") == Data([9, 8, 3, 4, 5, 6]))
        #expect(try data.mode(path + ".part") == 0o600)
        #expect(try data.mode(data.path + "/recordings") == 0o700)
        try sink.finish()
        #expect(FileManager.default.contents(atPath: path) == Data([9, 8, 3, 4, 5, 6]))
        #expect(!FileManager.default.fileExists(atPath: path + ".part"))
        #expect(try data.mode(path) == 0o600)
    }

    @Test func anAbandonedFileStaysUnderTheNameOfAnUnfinishedOne() throws {
        let data = DataFolder()
        let sink = try data.files.open(.capture, call: "a")
        try sink.append([1])
        sink.abandon()
        let path = data.files.path(.capture, call: "a")
        #expect(path.hasSuffix("/captures/a.parley"))
        #expect(FileManager.default.contents(atPath: path + ".part") == Data([1]))
    }

    @Test(arguments: ["../../etc/passwd", "a/b", "..", "", "a b\n", String(repeating: "x", count: 300)])
    func noCallsIdLeadsOutOfTheFolder(id: String) throws {
        let data = DataFolder()
        let sink = try data.files.open(.recording, call: id)
        try sink.finish()
        let names = try FileManager.default.contentsOfDirectory(atPath: data.path + "/recordings")
        #expect(names.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: data.path) == ["recordings"])
    }

    @Test func aNameThatIsTakenIsNotOverwritten() throws {
        let data = DataFolder()
        let first = try data.files.open(.recording, call: "a")
        #expect(fault { _ = try data.files.open(.recording, call: "a") } == .taken)
        try first.finish()
        #expect(fault { _ = try data.files.open(.recording, call: "a") } == .taken)
    }

    @Test func aFolderThatGoesAwayIsToldWhenTheFileIsFinished() throws {
        let data = DataFolder()
        let sink = try data.files.open(.recording, call: "a")
        try sink.append([1])
        data.remove()
        try sink.append([2])
        #expect(fault { try sink.finish() } == .missing)
        // The next call's file makes the folder anew.
        #expect(fault { _ = try data.files.open(.recording, call: "b") } == nil)
    }

    @Test func aDataFolderThatCannotBeMadeIsAFault() throws {
        let data = DataFolder()
        #expect(FileManager.default.createFile(atPath: data.path, contents: Data()))
        #expect(fault { _ = try data.files.open(.recording, call: "a") } == .missing)
        #expect(fault { _ = try RecordingFolder(dataFolder: "/proc/nothing").open(.capture, call: "a") } != nil)
    }

    @Test(arguments: [
        (ENOSPC, RecordingFault.full), (EDQUOT, .full), (EACCES, .denied), (EROFS, .denied), (ENOENT, .missing),
        (ENOTDIR, .missing), (EEXIST, .taken), (EIO, .system(EIO)),
    ])
    func theSystemsErrorsAreToldApart(number: Int32, fault: RecordingFault) {
        #expect(RecordingFault(number) == fault)
    }

    @Test func aLinkInTheFilesPlaceIsNotFollowed() throws {
        let data = DataFolder()
        try data.files.open(.recording, call: "first").finish()
        let path = data.files.path(.recording, call: "a")
        try FileManager.default.createSymbolicLink(
            atPath: path + ".part",
            withDestinationPath: data.path + "/elsewhere"
        )
        #expect(fault { _ = try data.files.open(.recording, call: "a") } == .taken)
        #expect(!FileManager.default.fileExists(atPath: data.path + "/elsewhere"))
    }
}
