import Codecs
import Foundation

/// A folder of a test's own, removed with it.
final class ProfileFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "parley-tenants-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

    /// Writes in place: the file keeps its identity.
    func write(_ name: String, _ data: Data) throws {
        let file = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    /// Adds to a file, as somebody does who is still writing.
    func append(_ name: String, _ text: String) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: path).appending(path: name))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    /// Writes another file and renames it over this one, with the old one's time: only the inode tells.
    func replace(_ name: String, _ text: String) throws {
        let file = path + "/" + name
        let time = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
        try write(name + ".new", text)
        if let time { try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: file + ".new") }
        guard rename(file + ".new", file) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    static func wav(seconds: Int) throws -> Data {
        Data(try WAVWriter.bytes(mono: [Int16](repeating: 0, count: seconds * 8000), sampleRate: 8000))
    }
}
