import Actors
import Foundation

/// Keeps what providers recorded as files, for this user only: `recordings/PROVIDER/CALL-RECORDING.mp3` under the data folder,
/// or `aftercall/…` for as long as it is worked on.
package struct ProviderRecordingFolder: Sendable {
    private let dataFolder: String
    /// `PARLEY_RECORDINGS`; otherwise files go when their work is done.
    package let isKept: Bool

    package init(dataFolder: String, isKept: Bool) {
        self.dataFolder = dataFolder
        self.isKept = isKept
    }

    private var folder: String { dataFolder + (isKept ? "/recordings" : "/aftercall") }

    /// A file is whole or not there: it is written beside its place first. The same recording again takes its place.
    package func keep(_ bytes: [UInt8], _ type: RecordedAudio, id: String, of call: ProviderCallKey) throws -> String {
        let files = FileManager.default
        let own = "\(folder)/\(PathText.escaped(call.provider))"
        try files.createDirectory(
            atPath: own,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let path = "\(own)/\(Self.name(id, of: call)).\(type.rawValue)"
        let part = path + ".part"
        guard files.createFile(atPath: part, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
            throw CocoaError(.fileWriteUnknown)
        }
        guard rename(part, path) == 0 else { throw RecordingFault(errno) }
        return path
    }

    /// Of 255 bytes, the longest name there is, some are left for the ending; ids that need more are told by their hash.
    private static func name(_ id: String, of call: ProviderCallKey) -> String {
        let name = "\(PathText.escaped(call.id))-\(PathText.escaped(id))"
        guard name.utf8.count > 200 else { return name }
        return Hexadecimal.text(MessageAuthentication.sha256(Array("\(call.id) \(id)".utf8)))
    }

    package func discard(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// What an engine that was killed left behind: it is nobody's work any more.
    /// - Returns: how many files.
    package func sweep() -> Int {
        let folder = dataFolder + "/aftercall"
        let left = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
            .filter { $0.contains(".") && $0.contains("/") }
        for file in left { discard("\(folder)/\(file)") }
        return left.count
    }
}
