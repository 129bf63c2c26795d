import Foundation

/// What the file system says of a folder of profiles and the recordings they name, without opening any of them: equal
/// footprints, nothing to read.
struct ProfileFootprint: Sendable, Equatable {
    struct File: Sendable, Equatable {
        /// Seconds and nanoseconds of the last change of the content.
        var seconds: Int
        var nanoseconds: Int
        var bytes: Int
        /// An editor that writes a new file and renames it keeps neither.
        var inode: UInt64
    }

    /// nil: there is no such file.
    private(set) var files: [String: File?] = [:]
    /// The folder cannot be listed.
    private(set) var isUnreadable = false
    /// The recordings among the files.
    private(set) var recordings: [String] = []

    /// - Parameter recordings: the paths that the profiles name.
    static func of(folder: String, recordings: [String]) -> ProfileFootprint {
        var footprint = ProfileFootprint()
        do {
            for name in try ProfileDirectory.fileNames(in: folder) {
                let path = "\(folder)/\(name)"
                footprint.files[path] = .some(file(path))
            }
        } catch {
            footprint.isUnreadable = true
        }
        footprint.note(recordings)
        return footprint
    }

    mutating func note(_ recordings: [String]) {
        self.recordings = recordings
        for path in recordings { files[path] = .some(Self.file(path)) }
    }

    /// Follows links: a mounted configuration changes by a link that points elsewhere.
    private static func file(_ path: String) -> File? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return File(
            seconds: Int(status.st_mtim.tv_sec),
            nanoseconds: Int(status.st_mtim.tv_nsec),
            bytes: Int(status.st_size),
            inode: UInt64(status.st_ino)
        )
    }
}
