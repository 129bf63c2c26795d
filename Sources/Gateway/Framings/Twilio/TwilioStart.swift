import Foundation

/// The `start` message: read once per call, so through Foundation.
package struct TwilioStart: Decodable, Equatable, Sendable {
    package var streamSid: String
    package var callSid: String
    package var accountSid: String
    package var tracks: [String]
    package var format: Format
    package var customParameters: [String: String]

    package struct Format: Equatable, Sendable {
        package var encoding: String
        package var sampleRate: Int
        package var channels: Int
        /// The only format the vendor promises, and the only one a call accepts.
        package static let muLaw = Format(encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1)
    }

    private enum Keys: String, CodingKey { case start, streamSid }
    private enum StartKeys: String, CodingKey {
        case accountSid, streamSid, callSid, tracks, mediaFormat, customParameters
    }
    private enum FormatKeys: String, CodingKey { case encoding, sampleRate, channels }

    package init(from decoder: any Decoder) throws {
        let message = try decoder.container(keyedBy: Keys.self)
        let start = try message.nestedContainer(keyedBy: StartKeys.self, forKey: .start)
        streamSid =
            try start.decodeIfPresent(String.self, forKey: .streamSid)
            ?? message.decode(String.self, forKey: .streamSid)
        callSid = try start.decode(String.self, forKey: .callSid)
        accountSid = try start.decodeIfPresent(String.self, forKey: .accountSid) ?? ""
        tracks = try start.decodeIfPresent([String].self, forKey: .tracks) ?? ["inbound"]
        let format = try start.nestedContainer(keyedBy: FormatKeys.self, forKey: .mediaFormat)
        self.format = Format(
            encoding: try format.decode(String.self, forKey: .encoding),
            sampleRate: try format.decodeLeniently(forKey: .sampleRate),
            channels: try format.contains(.channels) ? format.decodeLeniently(forKey: .channels) : 1
        )
        customParameters = try start.decodeIfPresent([String: String].self, forKey: .customParameters) ?? [:]
    }
}

extension KeyedDecodingContainer {
    /// A whole number, written as one or as text.
    fileprivate func decodeLeniently(forKey key: Key) throws -> Int {
        if let number = try? decode(Int.self, forKey: key) { return number }
        let text = try decode(String.self, forKey: key)
        guard let number = Int(text) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "not a number")
        }
        return number
    }
}
