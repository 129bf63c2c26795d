import Actors
import Foundation

/// Recordings and captures under the data folder: `recordings/CALL.wav` and `captures/CALL.parley`.
///
/// They hold what people said: folders are 0700 and files 0600 from their first moment. A file is called `….part` until it
/// is whole; a crash leaves it under that name, and it can be played and replayed as far as it goes.
public struct RecordingFolder: RecordingStorage {
    private let dataFolder: String

    public init(dataFolder: String) { self.dataFolder = dataFolder }

    /// Where a finished file of a call is.
    public func path(_ kind: RecordingKind, call: String) -> String {
        "\(folder(kind))/\(Self.fileName(call)).\(kind == .recording ? "wav" : "parley")"
    }

    public func open(_ kind: RecordingKind, call: String) throws(RecordingFault) -> any RecordingSink {
        try makeFolder(folder(kind))
        return try RecordingFileSink(path: path(kind, call: call))
    }

    private func folder(_ kind: RecordingKind) -> String {
        "\(dataFolder)/\(kind == .recording ? "recordings" : "captures")"
    }

    /// A call's id with nothing in it that a path could be made of; at most 96 bytes.
    static func fileName(_ call: String) -> String {
        let safe = call.utf8.prefix(96).map { byte -> UInt8 in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: byte
            default: 0x5F
            }
        }
        return safe.isEmpty ? "_" : String(decoding: safe, as: UTF8.self)
    }

    private func makeFolder(_ folder: String) throws(RecordingFault) {
        guard mkdir(folder, 0o700) != 0 else { return }
        switch errno {
        case EEXIST: return
        case ENOENT:
            // The data folder itself is not there yet, or no longer.
            do {
                try FileManager.default.createDirectory(atPath: dataFolder, withIntermediateDirectories: true)
            } catch {
                throw (error as NSError).code == CocoaError.fileWriteNoPermission.rawValue ? .denied : .missing
            }
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw RecordingFault(errno) }
        default: throw RecordingFault(errno)
        }
    }
}

extension RecordingFault {
    /// From an error number of the system.
    package init(_ number: Int32) {
        switch number {
        case ENOSPC, EDQUOT, EFBIG: self = .full
        case EACCES, EPERM, EROFS: self = .denied
        case ENOENT, ENOTDIR: self = .missing
        case EEXIST: self = .taken
        default: self = .system(number)
        }
    }
}
