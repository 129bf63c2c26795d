import Actors
import Foundation
import Testing

@Suite("Message file", .timeLimit(.minutes(5)))
struct MessageFileTests {
    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func message(_ key: String, _ text: String = "call back") -> CallerMessage {
        CallerMessage(
            idempotencyKey: key,
            takenAt: 1,
            call: "c",
            tenant: "t",
            callBack: nil,
            name: "J",
            text: text,
            isUrgent: false
        )
    }

    private func lines(_ folder: String) throws -> [CallerMessage] {
        let text = try Data(contentsOf: URL(fileURLWithPath: folder + "/messages.jsonl"))
        return try text.split(separator: 0x0A).map { try JSONDecoder().decode(CallerMessage.self, from: $0) }
    }

    @Test func messagesAreLinesThatOnlyTheirOwnerReads() async throws {
        try await inFolder { folder in
            let file = MessageFile(folder: folder)
            try await file.take(message("a", "quotes \" and\nlines"))
            try await file.take(message("b"))
            #expect(try lines(folder) == [message("a", "quotes \" and\nlines"), message("b")])
            let about = try FileManager.default.attributesOfItem(atPath: folder + "/messages.jsonl")
            #expect(about[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func theSameKeyIsKeptOnceAlsoOverARestart() async throws {
        try await inFolder { folder in
            for _ in 0..<3 {
                let file = MessageFile(folder: folder)
                for _ in 0..<2 { try await file.take(message("a")) }
            }
            #expect(try lines(folder).count == 1)
        }
    }

    @Test func manyAtOnceAreAllKept() async throws {
        try await inFolder { folder in
            let file = MessageFile(folder: folder)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<40 { group.addTask { try await file.take(message("\(index % 20)")) } }
                try await group.waitForAll()
            }
            #expect(try Set(lines(folder).map(\.idempotencyKey)).count == 20)
            #expect(try lines(folder).count == 20)
        }
    }

    @Test func halfALineOfACrashIsCutOff() async throws {
        try await inFolder { folder in
            try await MessageFile(folder: folder).take(message("a"))
            let path = folder + "/messages.jsonl"
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(#"{"idempotencyKey":"b","te"#.utf8))
            try handle.close()
            try await MessageFile(folder: folder).take(message("b"))
            #expect(try lines(folder).map(\.idempotencyKey) == ["a", "b"])
        }
    }

    @Test func aFullFileTakesNoMore() async throws {
        try await inFolder { folder in
            var limits = MessageFile.Limits()
            limits.bytes = 300
            let file = MessageFile(folder: folder, limits: limits)
            try await file.take(message("a"))
            try await file.take(message("b"))
            await #expect(throws: ToolError.self) { try await file.take(message("c")) }
            #expect(try lines(folder).count == 2)
            try await file.take(message("a"))
        }
    }

    @Test func aFileThatWasMovedAwayIsMadeAnew() async throws {
        try await inFolder { folder in
            let file = MessageFile(folder: folder)
            try await file.take(message("a"))
            try FileManager.default.moveItem(atPath: folder + "/messages.jsonl", toPath: folder + "/read.jsonl")
            try await file.take(message("a"))
            try await file.take(message("b"))
            #expect(try lines(folder).map(\.idempotencyKey) == ["b"])
        }
    }

    @Test func theFolderIsMadeForItsOwnerAlone() async throws {
        try await inFolder { folder in
            let own = folder + "/messages"
            try await MessageFile(folder: own).take(message("a"))
            #expect(try lines(own).count == 1)
            #expect(try FileManager.default.attributesOfItem(atPath: own)[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test func aMissingFolderIsAnErrorThatHelps() async throws {
        let file = MessageFile(folder: "/nonexistent/\(UUID().uuidString)")
        await #expect(throws: ToolError.self) { try await file.take(message("a")) }
    }

    @Test func aLinkIsNotFollowed() async throws {
        try await inFolder { folder in
            let path = folder + "/messages.jsonl"
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder + "/elsewhere")
            await #expect(throws: ToolError.self) { try await MessageFile(folder: folder).take(message("a")) }
            #expect(!FileManager.default.fileExists(atPath: folder + "/elsewhere"))
        }
    }
}
