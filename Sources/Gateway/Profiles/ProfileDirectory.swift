import Actors
import Foundation
import Synchronization
import Yams

/// All tenant profiles of a directory, and everything that is wrong with them.
public struct ProfileDirectory: Sendable {
    /// Profiles without a fault, in the order of their file names.
    public let profiles: [TenantProfile]
    /// Faults of all files, and of the files with each other. The engine starts only when there are none.
    public let faults: [ProfileFault]
    public let path: String
    /// How the files looked before they were read.
    let footprint: ProfileFootprint

    /// Reads every `*.yaml` and `*.yml` file directly in `path`, and the recordings they name; hidden files are skipped.
    ///
    /// Blocks on the file system: for the start of a process and `parley check`, never for a worker.
    public static func load(path: String, reader: ProfileReader = ProfileReader()) -> ProfileDirectory {
        var footprint = ProfileFootprint.of(folder: path, recordings: [])
        func refused(_ problem: String, fix: String) -> ProfileDirectory {
            let fault = ProfileFault(file: path, problem: problem, fix: fix)
            return ProfileDirectory(profiles: [], faults: [fault], path: path, footprint: footprint)
        }
        let names: [String]
        do {
            names = try fileNames(in: path)
        } catch {
            return refused(
                "the directory of tenant profiles cannot be read",
                fix: "create it, allow reading it, or set PARLEY_PROFILES"
            )
        }
        guard !names.isEmpty else {
            return refused(
                "there is no tenant profile (*.yaml) in this directory",
                fix: "add one, or set PARLEY_PROFILES"
            )
        }
        let recordings = NamedRecordings()
        var reader = reader
        reader.soundFault = { file, seconds in
            recordings.add(file)
            return SoundFile.fault(at: file, maximumSeconds: seconds)
        }
        let (profiles, faults) = collect(files: names.map { "\(path)/\($0)" }, reader: reader)
        footprint.note(recordings.paths)
        return ProfileDirectory(profiles: profiles, faults: faults, path: path, footprint: footprint)
    }

    /// The recordings that the files name, also those of files with faults.
    private final class NamedRecordings: Sendable {
        private let names = Mutex<Set<String>>([])
        var paths: [String] { names.withLock { $0.sorted() } }
        func add(_ path: String) { names.withLock { _ = $0.insert(path) } }
    }

    /// The profiles' files in a folder, sorted.
    static func fileNames(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }
            .sorted()
    }

    private static func collect(files: [String], reader: ProfileReader) -> ([TenantProfile], [ProfileFault]) {
        var profiles: [TenantProfile] = []
        var faults: [ProfileFault] = []
        var owners: [String: String] = [:]
        var ids: Set<String> = []
        for file in files {
            do {
                let marked = try reader.readMarked(text: try text(of: file), file: file)
                let clashes = clashes(of: marked, file: file, owners: &owners, ids: &ids)
                faults += clashes
                if clashes.isEmpty { profiles.append(marked.profile) }
            } catch {
                faults += error.faults
            }
        }
        return (profiles, faults)
    }

    /// Numbers and ids that a file before has taken already.
    private static func clashes(
        of marked: ProfileReader.Marked,
        file: String,
        owners: inout [String: String],
        ids: inout Set<String>
    ) -> [ProfileFault] {
        var faults: [ProfileFault] = []
        if !ids.insert(marked.profile.id).inserted {
            faults.append(
                ProfileFault(
                    file: file,
                    problem: "another file has the same tenant id `\(marked.profile.id)`",
                    fix: "keep one of x.yaml and x.yml"
                )
            )
        }
        for (index, number) in marked.profile.numbers.enumerated() {
            guard let owner = owners[number] else {
                owners[number] = file
                continue
            }
            let mark = marked.numberMarks.indices.contains(index) ? marked.numberMarks[index] : nil
            faults.append(
                ProfileFault(
                    file: file,
                    line: mark?.line ?? 0,
                    column: mark?.column ?? 0,
                    key: "numbers[\(index)]",
                    problem: number == "*" ? "\"*\" is claimed by \(owner) too" : "is claimed by \(owner) too",
                    fix: "a called number reaches one tenant: remove it from one of the files"
                )
            )
        }
        return faults
    }

    private static func text(of file: String) throws(ProfileFaults) -> String {
        guard let handle = FileHandle(forReadingAtPath: file),
            let data = try? handle.read(upToCount: ProfileLimits.maximumFileBytes + 1) ?? Data()
        else {
            throw ProfileFaults([
                ProfileFault(
                    file: file,
                    problem: "the file cannot be read",
                    fix: "check that it is a file, and its permissions"
                )
            ])
        }
        guard data.count <= ProfileLimits.maximumFileBytes else {
            throw ProfileFaults([
                ProfileFault(
                    file: file,
                    problem: "the file is too large",
                    fix: "keep a profile under \(ProfileLimits.maximumFileBytes) bytes (64 KiB)"
                )
            ])
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ProfileFaults([ProfileFault(file: file, problem: "the file is not UTF-8", fix: "save it as UTF-8")])
        }
        return text
    }
}
