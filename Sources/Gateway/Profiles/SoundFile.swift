import Codecs
import Foundation

/// Whether a recording that a profile names can be played.
enum SoundFile {
    struct Fault: Sendable, Equatable {
        let problem: String
        let fix: String
    }

    /// Reads the whole file. nil when it can be played.
    static func fault(at path: String, maximumSeconds: Int) -> Fault? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            return Fault(problem: "there is no such file", fix: "write a path from this profile's folder on")
        }
        let limit = ProfileLimits.maximumSoundBytes
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: limit + 1) ?? Data()
        else { return Fault(problem: "cannot be read", fix: "check its permissions") }
        do throws(WAVError) {
            let file = try WAVFile(
                parsing: Array(data),
                limits: WAVLimits(maximumBytes: limit, maximumSeconds: maximumSeconds)
            )
            guard Resampler.rates.contains(file.format.sampleRate) else {
                throw .unsupportedRate(file.format.sampleRate)
            }
            guard file.frameCount > 0 else { return Fault(problem: "has no audio", fix: "export it again") }
            return nil
        } catch {
            // The description says what is wrong, then what to do.
            let parts = error.description.split(separator: "; ", maxSplits: 1).map(String.init)
            return Fault(problem: parts[0], fix: parts.count > 1 ? parts[1] : "use a 16-bit WAV file")
        }
    }
}
