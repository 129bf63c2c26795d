import Codecs
import Dispatch
import Engine
import Foundation
import Logging

/// Tenants' hold music and fillers, read once and shared by their calls. A file that is missing or unusable is logged and
/// plays nothing: it never fails a call.
public final class SoundLibrary: Sendable {
    /// What one tenant's calls may play.
    public struct Sounds: Sendable {
        public let shelf: RecordingShelf
        /// Places on the shelf; nil where there is no such recording.
        public let holdMusic: Int32?
        public let filler: Int32?
    }

    /// A recording lasts this long at most: 9.6 MB of samples.
    public static let limits = WAVLimits(maximumBytes: 32 << 20, maximumSeconds: 600, maximumChannels: 8)

    private struct Names: Hashable {
        var holdMusic: String
        var filler: String
        var isEmpty: Bool { holdMusic.isEmpty && filler.isEmpty }

        init(_ profile: TenantProfile) {
            holdMusic = profile.sound.holdMusic
            filler = profile.sound.filler
        }
    }

    private enum Entry {
        case reading
        case read(Sounds)
    }

    private let folder: String
    private let logger: Logger
    private let entries = Locked<[Names: Entry]>([:])
    private let queue = DispatchQueue(label: "parley.sounds", qos: .utility)

    /// - Parameter folder: what relative paths start from; empty where they start from the process's own, as those of profiles do
    ///   that were read from files.
    public init(folder: String = "", logger: Logger) {
        self.folder = folder
        self.logger = logger
    }

    /// Reads the files of these tenants anew and forgets all others: at start, and after the profiles changed.
    public func load(_ profiles: [TenantProfile]) async {
        let names = Set(profiles.map(Names.init)).filter { !$0.isEmpty }
        await withCheckedContinuation { continuation in
            queue.async {
                let read = names.map { ($0, Entry.read(self.read($0))) }
                self.entries.withLock { $0 = Dictionary(uniqueKeysWithValues: read) }
                continuation.resume()
            }
        }
    }

    /// What a tenant's calls may play now. Quick and without waiting: files that were not loaded are read for the next call.
    public func sounds(of profile: TenantProfile) -> Sounds? {
        let names = Names(profile)
        guard !names.isEmpty else { return nil }
        let entry: Entry? = entries.withLock { entries in
            defer { if entries[names] == nil { entries[names] = .reading } }
            return entries[names]
        }
        switch entry {
        case .read(let sounds): return sounds
        case .reading: return nil
        case nil:
            queue.async {
                let sounds = self.read(names)
                self.entries.withLock { $0[names] = .read(sounds) }
            }
            return nil
        }
    }

    // MARK: Reading

    private func read(_ names: Names) -> Sounds {
        var recordings: [[Int16]] = []
        func place(_ name: String) -> Int32? {
            guard let samples = recording(name), !samples.isEmpty else { return nil }
            recordings.append(samples)
            return Int32(recordings.count - 1)
        }
        let holdMusic = place(names.holdMusic)
        let filler = place(names.filler)
        return Sounds(shelf: RecordingShelf(recordings), holdMusic: holdMusic, filler: filler)
    }

    private func recording(_ name: String) -> [Int16]? {
        guard !name.isEmpty else { return nil }
        let path = name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
        do {
            return try WAVFile(parsing: try bytes(path), limits: Self.limits).mono(at: Frame.sampleRate)
        } catch {
            logger.warning(
                "a sound of a tenant cannot be played; calls go on without it",
                metadata: ["sound.file": "\(name)", "error.cause": "\(error)"]
            )
            return nil
        }
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
            let kind = facts[.type] as? FileAttributeType, let size = facts[.size] as? Int
        else { throw SoundFault.missing }
        guard kind == .typeRegular else { throw SoundFault.noFile }
        guard size <= Self.limits.maximumBytes else {
            throw WAVError.tooLarge(bytes: size, limit: Self.limits.maximumBytes)
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw SoundFault.unreadable }
        return Array(data)
    }
}

/// Why a sound's file gives no bytes.
enum SoundFault: Error, CustomStringConvertible {
    case missing, noFile, unreadable

    var description: String {
        switch self {
        case .missing: "there is no such file; check the path in the profile, which starts from the profile's folder"
        case .noFile: "this is no regular file; name a WAV file"
        case .unreadable: "the file cannot be read; check its permissions"
        }
    }
}
