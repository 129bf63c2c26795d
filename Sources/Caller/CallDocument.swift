import Foundation

/// The transcript of a call as written to disk and printed by `--json`: what was measured, and what the engine told.
public struct CallDocument: Codable, Sendable {
    public let call: CallReport
    /// In the order they came; empty when nobody listened.
    public let events: [EngineEvent]

    public init(call: CallReport, events: [EngineEvent]) {
        self.call = call
        self.events = events
    }

    /// One JSON object with sorted keys; dates in ISO 8601.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return Array(try encoder.encode(self))
    }

    public init(json: [UInt8]) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        self = try decoder.decode(CallDocument.self, from: Data(json))
    }

    /// Writes `call-<CallSid>.wav` (stereo, left the caller as sent, right the agent as played at the phone) and
    /// `call-<CallSid>.json` into a directory, which is made if it is missing.
    ///
    /// - Returns: the paths of both files.
    public func write(to directory: String) throws -> (recording: String, transcript: String) {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let base = URL(fileURLWithPath: directory).appendingPathComponent("call-\(call.callSid)")
        let recording = base.appendingPathExtension("wav")
        let transcript = base.appendingPathExtension("json")
        try Data(AudioFile.stereo(left: call.said, right: call.heard)).write(to: recording, options: .atomic)
        try Data(json()).write(to: transcript, options: .atomic)
        return (recording.relativePath, transcript.relativePath)
    }
}
