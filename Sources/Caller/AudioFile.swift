import Codecs
import Foundation

/// Recordings on disk.
public enum AudioFile {
    /// Reads what a caller is to say: a WAV file of any kind `WAVFile` reads, or headerless 8 kHz mu-law in a file
    /// that ends in `.ulaw`.
    ///
    /// - Returns: mu-law, mono, 8 kHz.
    /// - Throws: `CallError.unreadable` with the file and the reason.
    public static func read(_ path: String) throws -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            let missing = !FileManager.default.fileExists(atPath: path)
            throw CallError.unreadable(file: path, reason: missing ? "there is no such file" : "it cannot be read")
        }
        if path.lowercased().hasSuffix(".ulaw") {
            guard !bytes.isEmpty else { throw CallError.unreadable(file: path, reason: "it is empty") }
            return bytes
        }
        do {
            let samples = try WAVFile(parsing: bytes).mono(at: RawMuLaw.sampleRate)
            guard !samples.isEmpty else { throw CallError.unreadable(file: path, reason: "it holds no audio") }
            return RawMuLaw.bytes(samples)
        } catch let error as WAVError {
            throw CallError.unreadable(file: path, reason: "\(error)")
        }
    }

    /// A 16-bit stereo WAV file at 8 kHz.
    ///
    /// - Parameters: mu-law of both sides; the shorter one is filled up with silence.
    static func stereo(left: [UInt8], right: [UInt8]) throws -> [UInt8] {
        let length = max(left.count, right.count)
        let channels = [left, right].map { side in
            RawMuLaw.samples(side) + [Int16](repeating: 0, count: length - side.count)
        }
        return try WAVWriter.bytes(channels: channels, sampleRate: RawMuLaw.sampleRate)
    }
}
